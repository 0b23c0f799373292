# kernel.sh - Debian's kernel, unpacked and not installed, and an initramfs for it. For bash.
#
# Keeps, in $CACHE: one directory per version of the kernel's package, with vmlinuz, lib/modules and
# initramfs; complete or not there at all. Always: with a version in the cache no network is needed.

VM_PACKAGES="qemu-system-x86 cpio kmod xz-utils"
# What the initramfs loads: enough to mount the root; all others are loaded from there.
BOOT_MODULES="virtio_pci virtio_console 9p 9pnet_virtio overlay"
# Large, and of no use in a VM without devices.
LEFT_OUT="gpu media sound wireless iio infiniband staging scsi usb hwmon input mmc ata nvme"

# Sets KERNEL, the directory, and RELEASE, what uname -r says in the VM.
prepare_kernel() {
	local wanted lock
	mkdir -p "$CACHE"
	exec {lock}>"$CACHE/lock"
	flock "$lock"
	# shellcheck disable=SC2086
	install_missing "$CACHE/apt.log" $VM_PACKAGES >&2
	wanted=$(wanted_kernel)
	[ -n "$wanted" ] || wanted=$(newest_kernel)
	if [ -z "$wanted" ] || [ ! -e "$CACHE/$wanted/vmlinuz" ]; then
		fetch_kernel "$wanted" || wanted=$(newest_kernel)
		[ -n "$wanted" ] || die "no kernel for the VM; apt-get's output: $CACHE/apt.log"
	fi
	KERNEL=$CACHE/$wanted
	RELEASE=$(ls "$KERNEL/lib/modules")
	if [ ! -e "$KERNEL/initramfs" ] || [ "$TREE/tests/vm/init" -nt "$KERNEL/initramfs" ] ||
	    [ "$TREE/tests/vm/kernel.sh" -nt "$KERNEL/initramfs" ]; then
		make_initramfs 2>>"$CACHE/apt.log" || die "could not make the initramfs: see $CACHE/apt.log"
	fi
	exec {lock}>&-
}

# PACKAGE=VERSION of the kernel that linux-image-amd64 stands for; empty when apt knows none.
wanted_kernel() {
	apt-cache show --no-all-versions linux-image-amd64 2>/dev/null |
	    sed -n 's/^Depends: \(linux-image-[^ ]*\) (= \([^)]*\)).*/\1=\2/p' | head -n 1
}

newest_kernel() {
	find "$CACHE" -maxdepth 2 -path '*/linux-image-*/vmlinuz' -printf '%T@ %h\n' |
	    sort -n | sed -n '$s/.*\///p'
}

fetch_kernel() { # PACKAGE=VERSION
	local tmp=$CACHE/new
	say "vm: unpacking ${1:-a kernel of Debian}" >&2
	rm -rf "$tmp"
	mkdir -p "$tmp"
	( cd "$tmp" && download "$1" && unpack_kernel ) >>"$CACHE/apt.log" 2>&1 || return 1
	wanted=$(cat "$tmp/name")
	# One kernel is enough, unless a VM still runs on the other.
	[ -n "$(find "$CACHE" -maxdepth 1 -name 'job.*')" ] || rm -rf "$CACHE"/linux-image-*
	rm -rf "${CACHE:?}/$wanted"
	mv "$tmp" "$CACHE/$wanted"
}

# Package lists that are older than the archive name a file that is gone: then once more with new.
download() { # PACKAGE=VERSION
	local name=$1
	if [ -z "$name" ] || ! apt download "$name" busybox-static; then
		apt update
		name=$(wanted_kernel)
		[ -n "$name" ] && apt download "$name" busybox-static || return 1
	fi
	printf '%s\n' "$name" >name
}

# In a directory that holds the two packages.
unpack_kernel() {
	local x without=()
	for x in $LEFT_OUT; do
		without+=(--exclude="*/kernel/drivers/$x" --exclude="*/kernel/drivers/net/$x"
			--exclude="*/kernel/$x")
	done
	dpkg-deb --fsys-tarfile linux-image-*.deb |
	    tar -x --no-same-owner "${without[@]}" --wildcards '*boot/vmlinuz-*' '*lib/modules/*' &&
	    dpkg-deb --fsys-tarfile busybox-static_*.deb |
	    tar -x --no-same-owner --wildcards '*bin/busybox' &&
	    rm -- *.deb || return 1
	[ ! -d usr/lib/modules ] || { mkdir -p lib && mv usr/lib/modules lib/modules; }
	find . -type f -name busybox -exec mv {} busybox \;
	find . -mindepth 1 -type d -empty -delete
	depmod -b "$PWD" "$(ls lib/modules)" && mv boot/vmlinuz-* vmlinuz
}

# busybox, the modules in the order in which they are loaded, and init.
make_initramfs() {
	local root=$KERNEL/root
	rm -rf "$root"
	mkdir -p "$root/bin" "$root/modules"
	cp "$KERNEL/busybox" "$root/bin/busybox" &&
	    install -m 755 "$TREE/tests/vm/init" "$root/init" &&
	    boot_modules "$root/modules" &&
	    ( cd "$root" && find . | cpio --quiet -o -H newc ) >"$KERNEL/initramfs.new" &&
	    mv "$KERNEL/initramfs.new" "$KERNEL/initramfs" &&
	    rm -rf "$root"
}

boot_modules() { # DIRECTORY
	local m path name
	for m in $BOOT_MODULES; do
		modprobe -d "$KERNEL" -S "$RELEASE" --show-depends "$m" || return 1
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while IFS= read -r path; do
		name=${path##*/}
		case $path in
		*.xz) xz -dc "$path" >"$1/${name%.xz}" ;;
		*) cp "$path" "$1/" ;;
		esac || return 1
		printf '%s\n' "${name%.xz}" >>"$1/order"
	done
	[ "${PIPESTATUS[*]}" = "0 0 0" ]
}
