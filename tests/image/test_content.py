"""What is in the image, and what is not."""

import json
import tarfile

import pytest

from image.pod import USER

OUR_MEGABYTES = 200
OURS = ("opt/litemaas", "var/lib/litemaas", "licenses/LICENSE")
PACKAGE = "site-packages/litemaas/"


@pytest.fixture(scope="module")
def entries(image):
    found = []
    for layer in image.layers:
        with tarfile.open(layer) as archive:
            found += archive.getmembers()
    return found


def test_our_layers_are_small(image):
    assert sum(layer.stat().st_size for layer in image.layers) <= OUR_MEGABYTES * 1000**2


def test_our_layers_hold_only_what_is_ours(entries):
    folders_on_the_way = {"opt", "var", "var/lib", "licenses"}
    strange = [one.name for one in entries if not one.name.startswith(OURS) and one.name not in folders_on_the_way]
    assert strange == []


def test_the_web_ui_is_in_the_package(entries):
    files = {one.name.partition(PACKAGE)[2] for one in entries if PACKAGE in one.name}
    assert "web/index.html" in files
    assert any(file.startswith("web/assets/") and file.endswith(".js") for file in files)


def test_no_test_and_nothing_that_tools_leave_behind_is_in_it(entries):
    unwanted = {"tests", "node_modules", "web.test", ".cache", ".git", "coverage", ".litemaas", ".npm"}
    ours = [one.name for one in entries if PACKAGE in one.name and unwanted & set(one.name.split("/"))]
    assert ours == []
    anywhere = {"node_modules", ".cache", ".git", ".npm", ".venv"}
    assert [one.name for one in entries if anywhere & set(one.name.split("/"))] == []


def test_no_setting_of_the_building_machine_is_in_it(image, entries):
    settings = {"pip.conf", ".npmrc", "npmrc", ".netrc", "mirrors", ".env"}
    assert [one.name for one in entries if one.name.rsplit("/", 1)[-1] in settings] == []
    said = json.dumps(image.description)
    for trace in ("PIP_", "NPM_", "/run/mirrors", "build-arg"):
        assert trace not in said


def test_nothing_in_it_gives_rights_or_is_writable_but_the_data_folder(entries):
    assert [one.name for one in entries if one.mode & 0o6000] == []
    files = [one for one in entries if not one.issym()]
    assert [one.name for one in files if one.mode & 0o022] == ["var/lib/litemaas"]
    assert {one.uid for one in files if one.name != "var/lib/litemaas"} == {0}


async def test_every_module_is_compiled_so_that_a_read_only_root_starts_fast(image):
    program = "import litemaas.server as s, os; print(os.path.exists(s.__cached__))"
    assert await image.run("python", "-c", program) == (0, "True\n")


async def test_no_compiler_and_no_installer_is_in_it(image):
    code, output = await image.run("sh", "-c", "command -v cc gcc g++ clang make npm node pip || echo none")
    assert (code, output) == (0, "none\n")


async def test_the_shell_and_sleep_that_manifests_use_are_on_the_path(image):
    assert await image.run("sh", "-c", "sleep 0 && echo slept") == (0, "slept\n")


async def test_the_process_is_nobody_in_group_zero_and_cannot_write_to_the_root(image):
    assert await image.run("id", "-u") == (0, f"{USER}\n")
    assert await image.run("id", "-G") == (0, "0\n")
    code, output = await image.run("touch", "/opt/litemaas/here")
    assert code != 0
    assert "Read-only file system" in output or "Permission denied" in output


def test_it_states_a_user_that_is_not_root_and_the_command_to_serve(image):
    assert image.config["User"] == "1001"
    assert image.config["Entrypoint"] == ["litemaas"]
    assert image.config["Cmd"][0] == "serve"
    assert set(image.config["ExposedPorts"]) == {"4000/tcp", "9464/tcp"}


def test_its_labels_tell_what_it_is(image):
    labels = image.config["Labels"]
    assert labels["org.opencontainers.image.licenses"] == "MIT"
    assert labels["org.opencontainers.image.version"]
    assert labels["io.k8s.display-name"] == "LiteMaaS"
