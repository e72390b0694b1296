"""Builds and runs the container image on a machine that reaches no image registry.

`python -m tools.image` is what `make image` runs. It needs Debian's buildah and debootstrap, and root, and it uses the
same Containerfile as every other build; only the base images are made here. Everything lies under `build/image`.
"""
