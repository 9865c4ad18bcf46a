"""The page that describes the interface says what there is, and nothing confidential."""

from __future__ import annotations

from andu.api.operations import OPERATIONS
from andu.office import editions
from andu.office.office import Office
from tests.views.conftest import SignedIn


def test_every_operation_and_every_form_stands_on_the_page(signed_in: SignedIn, office: Office) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/interface/")
    said = visitor.text()
    for one in OPERATIONS:
        assert one.summary() in said
        assert f"{one.method} {one.path}".replace("<", "{").replace(">", "}") in said
    for form_type in editions.offered(office):
        visitor.get(f"/interface/forms/{form_type.slug}")
        keys = set(visitor.page.xpath("//td/code/text()"))
        asked = {field.key for field in form_type.fields}
        assert asked - form_type.confidential_keys <= keys
        assert not form_type.confidential_keys & keys


def test_the_document_for_tools_is_the_one_of_the_interface(signed_in: SignedIn) -> None:
    answer = signed_in("zhangsan").client.get("/interface/openapi.json")
    assert answer.json is not None and answer.json["openapi"].startswith("3.1")
    assert {f"/{one.path.strip('/').split('/')[0]}" for one in OPERATIONS} == {
        f"/{path.strip('/').split('/')[0]}" for path in answer.json["paths"]
    }
