#!/bin/sh
# Makes small images of several kinds, and refuses memory while each is assayed. allocation.sh ALLOCATION. Prints TAP.
set -u
tool=$(realpath "$1")
scratch=${KEEP:-$(mktemp -d)}
[ -n "${KEEP-}" ] || trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

mkdir -p root/etc/init.d root/bin root/usr/sbin root/lib
echo 'root::0:0:root:/root:/bin/sh' >root/etc/passwd
printf '::sysinit:/etc/init.d/rcS\nttyS0::respawn:/bin/sh\n' >root/etc/inittab
printf '#!/bin/sh\n/usr/sbin/telnetd -l /bin/sh &\nwget http://example.com/fw.bin\n' >root/etc/init.d/rcS
printf 'wpa_passphrase=Secret-1234\n' >root/etc/hostapd.conf
chmod +x root/etc/init.d/rcS
cp /bin/true root/bin/busybox
ln -s busybox root/bin/sh
printf '#include <unistd.h>\nint main(void) { return chdir("/"); }\n' | cc -x c -s -o root/usr/sbin/telnetd - 2>/dev/null
openssl req -x509 -newkey rsa:1024 -nodes -subj /CN=device -days 10 -keyout root/etc/key.pem -out root/etc/cert.pem 2>/dev/null

tar -C root -cf root.tar .
gzip -kn root.tar
xz -k root.tar
(cd root && find . | cpio -o -H newc --quiet) >root.cpio
images="root.tar root.tar.gz root.tar.xz root.cpio"
(cd root && zip -qry ../root.zip .) && images="$images root.zip"
mksquashfs root root.squashfs -quiet -no-progress -noappend -all-root >/dev/null 2>&1 && images="$images root.squashfs"
mkfs.jffs2 -r root -o root.jffs2 2>/dev/null && images="$images root.jffs2"
mke2fs -q -d root root.ext2 1M 2>/dev/null && images="$images root.ext2"
printf 'Linux version 4.14.63 (build@host) (gcc version 7.3.0) #0 SMP Tue Aug 14 2018\n' >kernel && head -c 9000 /bin/true >>kernel
mkimage -A mips -O linux -T kernel -C none -n Linux-4.14 -d kernel kernel.uimage >/dev/null 2>&1 && images="$images kernel.uimage"
# shellcheck disable=SC2086 # a list of words
"$tool" $images
