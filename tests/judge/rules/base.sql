-- A little image that every rule test starts from: read in full, with a root file system, a boot loader and a kernel, and no facts.
INSERT INTO image (name, size, sha256, kind, understood) VALUES ('test.bin', 1000000, '00', 'firmware', 1000000);
INSERT INTO artifact (id, name, size, kind, reason, understood) VALUES (1, 'test.bin', 1000000, 'linux device', 'a test', 1000000);
INSERT INTO volume (id, artifact, parent, format, offset, size, files, state) VALUES
	(1, 1, NULL, 'raw', 0, 1000000, 2, 'read'), (2, 1, 1, 'squashfs', 200000, 800000, 10, 'read');
INSERT INTO range (artifact, offset, size, kind, label) VALUES (1, 0, 200000, 'boot', 'boot loader and kernel'),
	(1, 200000, 800000, 'file system', 'squashfs');
INSERT INTO file (id, volume, path, type, size, mode, uid, gid, kind, state) VALUES
	(1, 2, '/etc/passwd', 'file', 100, 420, 0, 0, 'text', 'read'),
	(2, 2, '/etc/shadow', 'file', 100, 384, 0, 0, 'text', 'read'),
	(3, 2, '/etc/inittab', 'file', 100, 420, 0, 0, 'text', 'read'),
	(4, 2, '/etc/init.d/rcS', 'file', 100, 493, 0, 0, 'script', 'read'),
	(5, 2, '/bin/busybox', 'file', 9000, 493, 0, 0, 'elf', 'read'),
	(6, 2, '/usr/sbin/camd', 'file', 9000, 493, 0, 0, 'elf', 'read'),
	(7, 2, '/lib/libcam.so', 'file', 9000, 420, 0, 0, 'elf', 'read'),
	(8, 1, 'u-boot', 'part', 9000, NULL, NULL, NULL, 'data', 'read'),
	(9, 1, 'kernel', 'part', 9000, NULL, NULL, NULL, 'kernel', 'read'),
	(10, 2, '/etc', 'directory', 0, 493, 0, 0, NULL, 'read'),
	(11, 2, '/etc/config/app.conf', 'file', 100, 420, 0, 0, 'text', 'read'),
	(12, 2, '/bin/sh', 'link', 7, 511, 0, 0, NULL, 'read');
