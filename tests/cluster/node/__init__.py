"""The machine on which the fake cluster's pods run as real processes, each in namespaces of its own.

As in a container, a pod has its network address, its read-only root with the stated volumes, its user and its process
namespace. Services are names in `/etc/hosts`; a router leads the hosts of Routes to pods. Images are programs of this
machine. It needs root and the programs of util-linux and iproute2; nothing of it outlives the process of the tests.
"""
