"""The built artifact: what it carries, and that it deploys outside the clone."""

import shutil
import subprocess
import tarfile

import pytest
from collection_support import IMAGE, PREFIX, ROOT, ansible, tool

CARRIED = (
    "galaxy.yml",
    "src/litemaas/__init__.py",
    "pyproject.toml",
    "requirements/image.lock",
    "playbooks/deploy_litemaas.yml",
    "observability/alerts.yml",
    "observability/grafana-dashboard.json",
)
FORBIDDEN = (
    ".git",
    ".venv",
    "tests/",
    "node_modules",
    "__pycache__",
    ".cache",
    "playbooks/collections",
    "benchmarks/",
    "tools/",
    "user-data",
)


@pytest.fixture(scope="module")
def artifact(tmp_path_factory):
    """The artifact as a fresh clone builds it: only what is committed or would be."""
    clone, built = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("built")
    git = ["git", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, check=True, text=True)
    for name in listed.stdout.split("\0"):
        if (ROOT / name).is_file():
            target = clone / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    (clone / "playbooks" / "provision-user-data.yaml").write_text("litemaas_password: secret")
    command = [tool("ansible-galaxy"), "collection", "build", "--force", "--output-path", str(built)]
    subprocess.run(command, cwd=clone, check=True, capture_output=True)
    (found,) = built.glob("rhpds-litemaas-*.tar.gz")
    return found


def names(artifact):
    with tarfile.open(artifact) as archive:
        return archive.getnames()


def test_the_artifact_is_named_after_its_version(artifact):
    assert artifact.name == "rhpds-litemaas-0.2.0.tar.gz"


def test_it_carries_what_is_needed_to_deploy_and_to_build_the_image(artifact):
    present = names(artifact)
    assert [name for name in CARRIED if name != "galaxy.yml" and name not in present] == []
    assert "MANIFEST.json" in present


def test_it_carries_no_caches_environments_or_tests(artifact):
    assert [name for name in names(artifact) if any(part in f"{name}/" for part in FORBIDDEN)] == []


def test_an_installed_collection_deploys_and_removes_from_anywhere(artifact, site):
    command = [tool("ansible-galaxy"), "collection", "install", str(artifact), "--force", "--offline"]
    for _again in range(2):  # --force takes the place of what is there
        subprocess.run([*command, "-p", str(site.folder)], check=True, capture_output=True)
    play = installed(site)
    assert play.code == 0, play.failure
    assert site.namespaces() == {"litemaas"}
    assert installed(site).changed == 0
    removed = installed(site, remove=True)
    assert removed.code == 0, removed.failure
    assert site.namespaces() == set()


def installed(site, **variables):
    """Runs the playbook of the collection that was installed into the site's folder, outside the clone."""
    stated = {"image": IMAGE, "verify": False, **variables}
    return ansible(
        "rhpds.litemaas.deploy_litemaas",
        variables={"output_dir": str(site.folder), **{f"{PREFIX}{name}": one for name, one in stated.items()}},
        environment={"KUBECONFIG": site.kubeconfig, "ANSIBLE_COLLECTIONS_PATH": str(site.folder)},
        cwd=site.folder,
    )
