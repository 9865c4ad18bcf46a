"""The keys of a form file that say who signs, and which signatures are enough.

Part of the dictionary in `formkeys`; forms/README.md is held to it by a test.
"""

from andu.formtypes.acts import Enough, Slot
from andu.formtypes.kinds import PEOPLE
from andu.formtypes.language.keys.parts import ROLE, Part
from andu.formtypes.language.readers import FieldName, Flag, Key, Many, Name, Text, Whole

SLOT_KEYS: dict[str, Key] = {
    "key": Key(Name(), "Name of the slot for ever; papers know it as `sign.<key>`.", "receiver", True),
    "label": Key(Text(40), "What the signature is called.", "接收人", True),
    "roles": Key(Many(ROLE, 1), "Who may sign: people with one of these roles.", "[head, director]", True),
    "unit": Key(
        Text(60),
        "Of which unit: `own` (the record's), `any`, `field:<key of a unit field>`, or the code of a unit.",
        "field:receiver_unit",
        default="own",
    ),
    "order": Key(Whole(1, 99), "Slots are signed in this order; equal numbers in any order.", "2", default=1),
    "author": Key(Flag(), "true: only the clerk who submitted signs here.", "true", default=False),
    "person": Key(
        FieldName(PEOPLE),
        "Only the person chosen in this field signs, whatever `roles` and `unit` say. Where they can no "
        "longer, it may be given to somebody who holds one of the roles.",
        "reviewer",
        default="",
    ),
    "fields": Key(
        Many(FieldName()),
        "Fields that the signer fills when signing; they are not on the clerk's form.",
        "[received_copies, check_result]",
        default=(),
    ),
    "opinion_default": Key(Text(100), "What stands in the opinion box at first.", "同意", default=""),
    "after_number": Key(
        Flag(),
        "true: the number does not wait for it. It is signed once the record has its number, as a receipt; "
        "it comes after all others, asks for no `fields`, and stands in no set of `enough`.",
        "true",
        default=False,
    ),
}

ENOUGH_KEYS: dict[str, Key] = {
    "key": Key(Name(), "Name of the rule; an office chooses it under `signature_rules`.", "literal", True),
    "label": Key(Text(80), "The rule in a few words.", "任何一人背书", True),
    "sets": Key(
        Many(Many(Name("key of a slot"), 1, 12), 1, 12),
        "Sets of slots: all of any one set are enough. Slots that stand in no set must all be signed.",
        "[[township], [member], [director]]",
        True,
    ),
    "words": Key(
        Text(200), "The words it comes from.", "必须有镇、成员单位负责同志或扫黑办主任签字", default=""
    ),
    "source": Key(Text(80), "Where those words stand.", "西发〔2019〕30号 三（四）", default=""),
}

SIGNATURES_KEYS: dict[str, Key] = {
    "distinct": Key(Flag(), "true: nobody signs two slots.", "true", default=True),
    "slots": Key(Many(Part(SLOT_KEYS, Slot, "slot"), 0, 12), "The signatures asked for.", "see Slots", True),
    "enough": Key(
        Many(Part(ENOUGH_KEYS, Enough, "rule"), 0, 6),
        "Rules of which signatures are enough; the first counts unless the office names another. Without "
        "any, every slot must be signed.",
        "see Enough",
        default=(),
    ),
    "statement": Key(
        Text(200),
        "What the signers answer for, above their names on the signature sheet.",
        "本人对本报告的真实性、完整性及结论负责",
        default="",
    ),
    "recuse": Key(
        Many(Text(81), 0, 6),
        "Text or person fields (or `table.column`): whoever is named there signs neither this record nor, "
        "once it has its number, another of its case; who signs instead the office says (`recusal` in its "
        "file; without it nobody stands aside).",
        "[reported.name]",
        default=(),
    ),
    "recuse_places": Key(
        Many(Text(81), 0, 6),
        "Text or unit fields (or `table.column`) that say of which unit or village those are whom `recuse` "
        "names: what that means for the people of that unit, the office says (`conflict` in its file).",
        "[reported.address, reported.post]",
        default=(),
    ),
}
