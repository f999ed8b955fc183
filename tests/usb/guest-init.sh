#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# guest-init.sh: the first process of the guest. Its root becomes the host's over 9p, with memory on top.
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in /modules/*
do
  insmod "$module" || echo "insmod $module failed"
done
mount -t 9p -o trans=virtio,version=9p2000.L,cache=loose,msize=524288,ro host /lower \
  && mount -t tmpfs memory /memory && mkdir /memory/upper /memory/work \
  && mount -t overlay -o lowerdir=/lower,upperdir=/memory/upper,workdir=/memory/work overlay /root \
  || echo "the root cannot be mounted"
for folder in proc sys dev
do
  mount -o bind "/$folder" "/root/$folder"
done
mkdir -p /root/dev/pts /root/dev/shm
mount -t devpts devpts /root/dev/pts
for folder in dev/shm run tmp var/tmp
do
  mount -t tmpfs memory "/root/$folder"
done
ip link set lo up
for word in $(cat /proc/cmdline)
do
  case $word in
    command=*) command=${word#command=} ;;
    udev=*) udev=${word#udev=} ;;
  esac
done
IFS=,
PATH=/usr/sbin:/usr/bin:/sbin:/bin GUEST_UDEV=$udev chroot /root $command
echo "GUEST ended with $? at $(cat /proc/uptime)"
poweroff -f
