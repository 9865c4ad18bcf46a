"""The vocabulary of the audit log: every event, and exactly the keys its data must have.

Used by whoever appends an event and by the screens that name them. Data hold ids, numbers, hashes and
keys of fields, never what somebody typed into a field. An event says what happened, in the past tense.
"""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _


class Events(StrEnum):
    """Each event with its required keys; ``audit.append`` refuses any other set of keys."""

    keys: frozenset[str]

    def __new__(cls, name: str, *keys: str) -> Events:
        """A member is its name; the keys stand beside it."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.keys = frozenset(keys)
        return member

    signed_in = "signed_in", "address"
    sign_in_refused = "sign_in_refused", "account", "address", "purpose", "reason"
    signed_out = ("signed_out",)
    access_denied = "access_denied", "act", "target", "tries"
    account_created = "account_created", "account", "roles"
    account_changed = "account_changed", "account", "changes"
    password_changed = "password_changed", "account"
    token_made = "token_made", "token", "uses", "forms"
    token_revoked = "token_revoked", "token"
    token_used = "token_used", "token", "act", "target"
    unit_created = "unit_created", "unit"
    unit_changed = "unit_changed", "unit", "changes"
    unit_renamed = "unit_renamed", "unit", "was", "now"
    unit_closed = "unit_closed", "unit"
    unit_reopened = "unit_reopened", "unit"
    unit_merged = "unit_merged", "unit", "was", "into", "now", "moved"
    draft_started = "draft_started", "draft", "form"
    draft_saved = "draft_saved", "draft"
    draft_viewed = "draft_viewed", "draft"
    draft_discarded = "draft_discarded", "draft"
    attachment_added = "attachment_added", "draft", "attachment"
    attachment_downloaded = "attachment_downloaded", "attachment"
    record_submitted = "record_submitted", "record", "form", "version", "data_hash"
    record_revised = "record_revised", "record", "version", "data_hash"
    record_viewed = "record_viewed", "record"
    record_signed = "record_signed", "record", "version", "slot"
    signature_declined = "signature_declined", "record", "version", "slot"
    signers_recused = "signers_recused", "record", "version", "people", "slots"
    recusal_signed = "recusal_signed", "record", "version", "slot", "recused", "principal"
    signatures_voided = "signatures_voided", "record", "version"
    deputy_appointed = "deputy_appointed", "deputyship", "principal", "deputy", "since", "until"
    deputy_ended = "deputy_ended", "deputyship"
    deputy_signed = "deputy_signed", "record", "version", "slot", "principal"
    slot_given = "slot_given", "record", "version", "slot", "to"
    namesake_noted = "namesake_noted", "record", "account", "reason"
    namesake_unnoted = "namesake_unnoted", "record", "account", "reason"
    work_handed_over = "work_handed_over", "account", "items"
    confidential_handed_on = "confidential_handed_on", "item", "to", "reason"
    number_allotted = "number_allotted", "record", "register", "number"
    number_voided = "number_voided", "register", "number"
    series_confirmed = "series_confirmed", "series", "year", "first", "last"
    numbers_reserved = "numbers_reserved", "series", "year", "first", "last"
    backup_made = "backup_made", "file"
    backup_drilled = "backup_drilled", "file", "problems"
    backup_restored = "backup_restored", "file", "made_at"
    store_moved = "store_moved", "to", "tables", "rows", "files", "papers"
    files_moved = "files_moved", "to", "files"
    paper_filed = "paper_filed", "register", "number", "docx_sha", "pdf_sha"
    paper_viewed = "paper_viewed", "register", "number"
    paper_downloaded = "paper_downloaded", "register", "number", "kind", "copy", "reason"
    paper_printed = "paper_printed", "register", "number", "copy", "reason"
    signature_sheet_printed = "signature_sheet_printed", "record", "version"
    scan_filed = "scan_filed", "record", "version", "scan", "sha"
    scan_refused = "scan_refused", "record", "version", "reason"
    scan_downloaded = "scan_downloaded", "record", "scan"
    ink_signature_entered = "ink_signature_entered", "record", "version", "slot", "signer", "scan"
    return_reminded = "return_reminded", "form", "unit", "period", "stage"
    list_printed = "list_printed", "list", "rows"
    ledger_exported = "ledger_exported", "ledger", "rows", "filter"
    report_packed = "report_packed", "papers", "since", "until"
    report_source_trusted = "report_source_trusted", "key", "name"
    received_paper_downloaded = "received_paper_downloaded", "paper", "kind"
    report_taken = "report_taken", "key", "made_at", "new", "voided", "known"
    confidential_viewed = "confidential_viewed", "record", "fields", "reason"
    second_factor_on = "second_factor_on", "account"
    second_factor_off = "second_factor_off", "account"
    vault_right_changed = "vault_right_changed", "account", "state"
    vault_right_confirmed = "vault_right_confirmed", "account", "reason"
    key_pair_pinned = "key_pair_pinned", "account", "generation", "fingerprint"
    key_pair_made = "key_pair_made", "account", "generation", "fingerprint"
    key_refused = "key_refused", "of", "fingerprint"
    case_key_made = "case_key_made", "case", "generation", "fingerprint"
    vault_key_destroyed = "vault_key_destroyed", "keys"
    second_look_asked = "second_look_asked", "record", "look", "reason"
    second_look_approved = "second_look_approved", "record", "look", "until"
    rotation_began = "rotation_began", "rotation"
    case_keys_rotated = "case_keys_rotated", "rotation"
    office_key_set_up = "office_key_set_up", "generation", "fingerprint", "officers"
    office_key_drilled = "office_key_drilled", "other", "cases"
    office_key_opened = "office_key_opened", "account", "other", "reason"
    deadline_met = "deadline_met", "deadline"
    extension_asked = "extension_asked", "deadline", "extension"
    extension_granted = "extension_granted", "deadline", "extension"
    extension_refused = "extension_refused", "deadline", "extension"
    reminder_written = "reminder_written", "deadline", "stage"
    deadline_chased = "deadline_chased", "deadline", "draft"
    form_draft_begun = "form_draft_begun", "design", "form"
    form_draft_discarded = "form_draft_discarded", "design", "form"
    form_published = "form_published", "form", "edition", "was", "publication"
    form_withdrawn = "form_withdrawn", "form", "was", "publication"
    form_restored = "form_restored", "form", "edition", "was", "publication"
    office_changed = "office_changed", "part", "was", "now", "publication"
    notices_changed = "notices_changed", "way"
    work_tried_again = "work_tried_again", "items"


def labels() -> dict[str, str]:
    """What each event is called on screens; ask once per page."""
    return {
        Events.signed_in: _("登录"),
        Events.sign_in_refused: _("登录或密码确认被拒绝"),
        Events.signed_out: _("退出"),
        Events.access_denied: _("越权被拒绝"),
        Events.account_created: _("新建账号"),
        Events.account_changed: _("变更账号"),
        Events.password_changed: _("修改密码"),
        Events.token_made: _("开通接口令牌"),
        Events.token_revoked: _("作废接口令牌"),
        Events.token_used: _("程序凭令牌办理"),
        Events.unit_created: _("增加单位"),
        Events.unit_changed: _("变更单位"),
        Events.unit_renamed: _("单位改名"),
        Events.unit_closed: _("关闭单位"),
        Events.unit_reopened: _("重新启用单位"),
        Events.unit_merged: _("并入别的单位"),
        Events.draft_started: _("开始填写"),
        Events.draft_saved: _("保存草稿"),
        Events.draft_viewed: _("打开同事的草稿"),
        Events.draft_discarded: _("删除草稿"),
        Events.attachment_added: _("上传附件"),
        Events.attachment_downloaded: _("下载附件"),
        Events.record_submitted: _("提交"),
        Events.record_revised: _("修改后重新提交"),
        Events.record_viewed: _("查看"),
        Events.record_signed: _("签署"),
        Events.signature_declined: _("退回"),
        Events.signers_recused: _("回避"),
        Events.recusal_signed: _("因他人回避代为签署"),
        Events.signatures_voided: _("签署失效"),
        Events.deputy_appointed: _("授权代签"),
        Events.deputy_ended: _("结束代签授权"),
        Events.deputy_signed: _("代签"),
        Events.slot_given: _("改由他人签署"),
        Events.namesake_noted: _("认定同名，不是本人"),
        Events.namesake_unnoted: _("收回同名的认定"),
        Events.work_handed_over: _("交接工作"),
        Events.confidential_handed_on: _("移交保密信息"),
        Events.number_allotted: _("编号"),
        Events.number_voided: _("作废"),
        Events.series_confirmed: _("确认末号"),
        Events.numbers_reserved: _("留号"),
        Events.backup_made: _("备份"),
        Events.backup_drilled: _("备份演练"),
        Events.backup_restored: _("由备份恢复"),
        Events.store_moved: _("数据搬家"),
        Events.files_moved: _("文件搬家"),
        Events.paper_filed: _("归档"),
        Events.paper_viewed: _("查看公文"),
        Events.paper_downloaded: _("下载公文"),
        Events.paper_printed: _("打印公文"),
        Events.signature_sheet_printed: _("打印签字页"),
        Events.scan_filed: _("扫描件归档"),
        Events.scan_refused: _("扫描件核对不符，被拒绝"),
        Events.scan_downloaded: _("下载扫描件"),
        Events.ink_signature_entered: _("录入纸面签署"),
        Events.return_reminded: _("提醒报送"),
        Events.list_printed: _("打印清单"),
        Events.ledger_exported: _("导出台账"),
        Events.report_packed: _("制作报送包"),
        Events.report_source_trusted: _("登记报送单位的公钥"),
        Events.received_paper_downloaded: _("下载收到的报送"),
        Events.report_taken: _("接收报送"),
        Events.confidential_viewed: _("查看保密信息"),
        Events.second_factor_on: _("启用两步登录"),
        Events.second_factor_off: _("停用两步登录"),
        Events.vault_right_changed: _("保密权限变动"),
        Events.vault_right_confirmed: _("确认保密权限"),
        Events.key_pair_pinned: _("公钥生效"),
        Events.key_pair_made: _("新公钥，等待确认"),
        Events.key_refused: _("公钥与日志不符，停用"),
        Events.case_key_made: _("案卷密钥"),
        Events.vault_key_destroyed: _("销毁旧的保密密钥"),
        Events.second_look_asked: _("请第二人同意查看"),
        Events.second_look_approved: _("同意查看"),
        Events.rotation_began: _("开始更换案卷密钥"),
        Events.case_keys_rotated: _("案卷密钥全部换完"),
        Events.office_key_set_up: _("设立办公室恢复钥匙"),
        Events.office_key_drilled: _("办公室恢复钥匙演练"),
        Events.office_key_opened: _("用办公室恢复钥匙恢复"),
        Events.deadline_met: _("注明办结"),
        Events.extension_asked: _("申请延期"),
        Events.extension_granted: _("批准延期"),
        Events.extension_refused: _("不同意延期"),
        Events.reminder_written: _("期限提醒"),
        Events.deadline_chased: _("就超期开始催办"),
        Events.form_draft_begun: _("开始做表单"),
        Events.form_draft_discarded: _("丢弃表单草稿"),
        Events.form_published: _("发布表单"),
        Events.form_withdrawn: _("停用表单"),
        Events.form_restored: _("恢复表单的旧版"),
        Events.office_changed: _("修改办公室设置"),
        Events.notices_changed: _("修改通知设置"),
        Events.work_tried_again: _("再试没有做成的事"),
    }
