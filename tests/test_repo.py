"""Laws of the repository itself: small files, one direction of imports, no SDK where none belongs, no drift."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [p for top in ("stacks", "components", "sandbox", "policies", "tools") for p in (ROOT / top).rglob("*.py")]
SDKS = ("pulumi", "pulumi_aws", "pulumi_gcp", "pulumi_azure_native", "pulumi_kubernetes", "botocore", "googleapiclient")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_holds_one_noun(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400, "near 400 lines a file wants a redesign"


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(ROOT / "sandbox")], ids=name)
def test_the_sandbox_is_a_second_witness(path: Path) -> None:
    """It would judge the product by the product's own beliefs if it imported them."""
    assert not [m for m in imports(path) if m.split(".")[0] in {"components", "stacks"}]


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(ROOT / "components")], ids=name)
def test_components_do_not_know_the_spine(path: Path) -> None:
    assert not [m for m in imports(path) if m.split(".")[0] in {"stacks", "sandbox", "tools"}]


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(ROOT / "components/services")], ids=name)
def test_a_service_knows_neither_clouds_nor_other_services(path: Path) -> None:
    own = path.relative_to(ROOT / "components/services").parts[0].removesuffix(".py")
    for module in imports(path):
        parts = module.split(".")
        # What every cloud is asked for, in words of no cloud.
        assert parts[:2] != ["components", "clouds"] or parts[2:3] in (["machines"], ["reach"]), module
        if parts[:2] == ["components", "services"] and len(parts) > 3:
            assert parts[2] == own, module


@pytest.mark.parametrize("path", [p for p in SOURCES if not p.is_relative_to(ROOT / "sandbox")], ids=name)
def test_the_core_knows_no_cloud_by_name(path: Path) -> None:
    if path.is_relative_to(ROOT / "components/clouds") and path.parent.name in {"aws", "gcp", "azure"}:
        return
    if path.is_relative_to(ROOT / "policies/rules"):
        return  # a policy judges the vendors' own types
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Compare):
            words = {c.value for c in [node.left, *node.comparators] if isinstance(c, ast.Constant)}
            assert not words & {"aws", "gcp", "azure", "azure-native"}, f"line {node.lineno} asks which cloud it is"


def test_specs_load_no_sdk() -> None:
    code = "import sys, stacks.spec, stacks.check; print(*sorted(m.split('.')[0] for m in sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not set(SDKS) & set(out.split())


def test_every_test_file_is_collected() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        holds_tests = re.search(r"^(async )?def test_", path.read_text("utf-8"), re.MULTILINE)
        assert not holds_tests or path.name.startswith("test_"), f"{name(path)} is never collected"


def test_links_in_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "components").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{name(path)} links to {target}"


def test_schemas_are_what_the_models_make() -> None:
    from stacks.schema import write

    assert write(ROOT, check=True) == [], "run `fleet schema` and commit"


def test_every_fleet_file_tells_editors_its_schema() -> None:
    for path in (ROOT / "fleet").rglob("*.yaml"):
        first = path.read_text("utf-8").splitlines()[0]
        found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert found, f"{name(path)} has no modeline"
        assert (path.parent / found[1]).is_file(), f"{name(path)}: {found[1]} is not there"
