#!/bin/sh
# Becomes a container: a read-only root with the system's programs and the stated mounts, a user without rights.
#
#   container.sh CHROOT FOLDER USER MOUNTS COMMAND…
#
# CHROOT is the path of that program, MOUNTS a file of lines `source<TAB>target<TAB>ro|rw`. What it mounts ends with the mount namespace that it runs in.
set -eu
chroot=$1 root=$2 user=$3 mounts=$4
shift 4

bind() {
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$(dirname "$root$2")" && touch "$root$2"; fi
  mount --bind "$1" "$root$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "$root$2"; fi
}

mount -t tmpfs -o size=16m,mode=0755 tmpfs "$root"
for folder in usr bin sbin lib lib64; do
  if [ -L "/$folder" ]; then cp -P "/$folder" "$root/$folder"; elif [ -e "/$folder" ]; then bind "/$folder" "/$folder" ro; fi
done
mkdir "$root/proc" "$root/dev" "$root/etc" "$root/tmp"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
cp -rL /etc/ssl "$root/etc/ssl"
cp /etc/ld.so.cache "$root/etc/ld.so.cache"
echo "hosts: files" >"$root/etc/nsswitch.conf"
echo "root:x:0:" >"$root/etc/group"
# The container runtime of OpenShift names the arbitrary user, too.
echo "$user:x:$user:0::/tmp:/sbin/nologin" >"$root/etc/passwd"
while IFS='	' read -r source target mode; do bind "$source" "$target" "$mode"; done <"$mounts"
mount -o remount,ro "$root"
# A change of user forgets that the end of our parent shall be ours, too.
exec "$chroot" --userspec="$user:0" --groups=0 "$root" /usr/bin/setpriv --no-new-privs --pdeathsig KILL "$@"
