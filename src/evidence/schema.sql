-- The evidence database: what assay found in one image, and what it concluded.
--
-- This file is the single source of the tables. The build makes the C column
-- names (evidence/columns.h) and docs/evidence.md from it, so every table and
-- every column carries its description, in the comment line(s) above it.
-- Conventions: booleans are 0 or 1; NULL means "not known", never "no"; offsets
-- and sizes are bytes; every fact names the `file` that it was read from.

-- What was given, one row: an image, a folder, or several files that are one product (see `artifact`).
CREATE TABLE image (
	-- Name as given on the command line, without its folders; of several files, the names of the first ones.
	name TEXT NOT NULL,
	-- Size in bytes; of a directory or several files, the sum of all.
	size INTEGER NOT NULL,
	-- SHA-256 of the image, in hexadecimal; of a directory or several files, of the sorted listing of paths and digests; NULL where time was up before it was known.
	sha256 TEXT,
	-- How it was given: 'firmware' (one file), 'directory', 'files' (several).
	kind TEXT NOT NULL,
	-- Vendor, model and version in one line, as far as the declarations or the image itself name them.
	title TEXT,
	-- Maker of the device; this and the next five are the best answers that `identity` gives, NULL where it gives none.
	vendor TEXT,
	-- Model of the device.
	model TEXT,
	-- Hardware revision.
	hardware TEXT,
	-- Version of the firmware.
	version TEXT,
	-- When the firmware was made, as it says itself.
	dated TEXT,
	-- What it runs: 'OpenWrt 18.06.1', 'Android 9'.
	system TEXT,
	-- Bytes whose meaning is understood: padding, headers, and containers and files as far as what they hold is understood.
	understood INTEGER NOT NULL DEFAULT 0,
	-- Bytes that are opaque, or hold what is: encrypted, compressed in an unknown way, of an unknown format, or not read.
	opaque INTEGER NOT NULL DEFAULT 0,
	-- Bytes of padding (runs of one byte); these count as understood too.
	padding INTEGER NOT NULL DEFAULT 0,
	-- Bytes of content that are opaque, counted where they lie once all is unpacked and decompressed; NULL where not known.
	opaque_content INTEGER
) STRICT;

-- A file of the product that was given: boot loader, kernel, root file system, app, SBOM, document. A single image is one artifact; so is a
-- folder that is a root file system. A file that was found in one belongs to it through its volume.
CREATE TABLE artifact (
	-- Number, in the order of the names.
	id INTEGER PRIMARY KEY,
	-- The archive that it lies in, where that is an artifact too.
	parent INTEGER REFERENCES artifact(id),
	-- Name; of one among several, its path below the folder that all of them have in common.
	name TEXT NOT NULL,
	-- Size in bytes; of a folder, the sum of its files.
	size INTEGER NOT NULL,
	-- SHA-256 in hexadecimal; of a folder, of its sorted listing of paths and digests; NULL where it could not be read.
	sha256 TEXT,
	-- What it is: 'linux device' (a root file system and a kernel), 'android device', 'root file system', 'kernel', 'boot loader', 'file system' (no root), 'container image', 'microcontroller', 'app', 'package', 'program', 'sbom', 'document', 'archive' (what is in it are artifacts), 'data' (recognised, and none of these) or 'unknown'.
	kind TEXT NOT NULL,
	-- Why it is taken for that, in words.
	reason TEXT NOT NULL,
	-- Bytes whose meaning is understood (containers, files, padding).
	understood INTEGER NOT NULL DEFAULT 0,
	-- Bytes that are opaque: encrypted, compressed in an unknown way, or of an unknown format.
	opaque INTEGER NOT NULL DEFAULT 0,
	-- Bytes of padding (runs of one byte); these count as understood too.
	padding INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX artifact_parent ON artifact(parent);

-- A container: a file system, an archive, a compressed stream, a vendor header, a kernel.
CREATE TABLE volume (
	-- Number of the volume, in order of discovery; 1 is what was given.
	id INTEGER PRIMARY KEY,
	-- Artifact that it lies in; NULL for the folder or set of files whose files are the artifacts.
	artifact INTEGER REFERENCES artifact(id),
	-- Volume that holds this one; NULL for the image.
	parent INTEGER REFERENCES volume(id),
	-- File (or part) of the parent whose bytes are this volume; NULL where it was carved from the parent directly.
	file INTEGER,
	-- Name of the format: 'squashfs', 'uimage', 'trx', 'jffs2', 'gzip', …; 'raw' for the image itself.
	format TEXT NOT NULL,
	-- Variant and parameters in words: '4.0 little-endian xz, 128 KiB blocks'.
	detail TEXT,
	-- Name that the container gives itself: the uImage name, the ext label.
	label TEXT,
	-- First byte, counted from the start of the bytes that it was found in.
	offset INTEGER NOT NULL,
	-- First byte, counted from the start of the artifact; NULL inside decompressed bytes.
	image_offset INTEGER,
	-- Size in bytes.
	size INTEGER NOT NULL,
	-- Number of entries listed in it.
	files INTEGER NOT NULL DEFAULT 0,
	-- How well it was read: 'read', 'partial', 'malformed', 'unsupported', 'encrypted', 'over-budget'.
	state TEXT NOT NULL,
	-- Bytes of its size that are understood, as far as what it holds is; with the opaque ones they are all of it.
	understood INTEGER,
	-- Bytes of its size that are opaque, or hold what is; of compressed content in proportion to its size.
	opaque INTEGER,
	-- Bytes of padding among the understood ones.
	padding INTEGER
) STRICT;
CREATE INDEX volume_artifact ON volume(artifact);
CREATE INDEX volume_file ON volume(file);
CREATE INDEX volume_parent ON volume(parent);

-- The map of each artifact: every byte lies in exactly one range; what archives and compressed streams hold has maps of its own.
CREATE TABLE range (
	-- The artifact.
	artifact INTEGER REFERENCES artifact(id),
	-- First byte, from the start of the artifact; in a map of its own, from the start of the content of the volume.
	offset INTEGER NOT NULL,
	-- Size in bytes.
	size INTEGER NOT NULL,
	-- 'boot', 'kernel', 'file system', 'header', 'archive', 'data', 'padding' or 'opaque'.
	kind TEXT NOT NULL,
	-- Words for a person: 'squashfs 4.0 xz, 1,204 files'.
	label TEXT NOT NULL,
	-- Volume that the range belongs to, where there is one.
	volume INTEGER REFERENCES volume(id),
	-- Shannon entropy in bits per byte, 0 to 8; known for data and opaque ranges.
	entropy REAL,
	-- Volume whose content it maps: its files one after the other, decompressed; NULL in the map of the artifact itself.
	within INTEGER REFERENCES volume(id),
	-- Bytes of its size that are opaque, or hold what is.
	opaque INTEGER
) STRICT;
CREATE INDEX range_artifact ON range(artifact);
CREATE INDEX range_volume ON range(volume);

-- A file, directory, link, device, or a raw part of the image (a boot loader, a decompressed kernel).
CREATE TABLE file (
	-- Number of the file, in order of discovery.
	id INTEGER PRIMARY KEY,
	-- Volume that lists it.
	volume INTEGER NOT NULL REFERENCES volume(id),
	-- Artifact that it is, or lies in.
	artifact INTEGER REFERENCES artifact(id),
	-- Path. Of a file system it starts with '/'; a raw part has a plain name; a file inside an archive file is '/outer.zip!/inner'.
	path TEXT NOT NULL,
	-- 'file', 'directory', 'link', 'character device', 'block device', 'fifo', 'socket' or 'part'.
	type TEXT NOT NULL,
	-- Size in bytes; of a link, the length of its target.
	size INTEGER NOT NULL,
	-- Permission bits with set-uid (2048), set-gid (1024) and sticky (512); NULL where the format has none.
	mode INTEGER,
	-- Owner.
	uid INTEGER,
	-- Group.
	gid INTEGER,
	-- Modification time in seconds since 1970.
	mtime INTEGER,
	-- Target of a symbolic link, or of a hard link the path that it repeats.
	target TEXT,
	-- Device number, major.
	device_major INTEGER,
	-- Device number, minor.
	device_minor INTEGER,
	-- SHA-256 of the content in hexadecimal; NULL where there is none or it could not be read.
	sha256 TEXT,
	-- What the content is: 'elf', 'script', 'text', 'kernel', 'kernel module', 'certificate', 'image', 'archive', 'empty', 'data', …
	kind TEXT,
	-- 'read', 'partial', 'malformed', 'unsupported' or 'over-budget'.
	state TEXT NOT NULL,
	-- Why it is no configuration of the running device: 'documentation', 'sample', 'template', 'backup', 'package', 'build record'; NULL where it counts as it stands.
	role TEXT,
	-- Bytes of its content that are not understood, those inside containers within it too; NULL where it has no content.
	opaque INTEGER,
	-- Of these, bytes that are spread as evenly as encrypted or well compressed ones: they may hold anything.
	dense INTEGER,
	-- Bytes of padding in its content, where it is a part.
	padding INTEGER,
	-- Of bytes between the containers of a part: that part, whose bytes they are.
	part_of INTEGER REFERENCES file(id)
) STRICT;
CREATE INDEX file_artifact ON file(artifact);
CREATE INDEX file_path ON file(path);
CREATE INDEX file_volume ON file(volume, path);
CREATE INDEX file_part ON file(part_of) WHERE part_of IS NOT NULL;

-- An extended attribute of a file (capabilities, SELinux labels, IMA signatures).
CREATE TABLE attribute (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Full name, such as 'security.capability'.
	name TEXT NOT NULL,
	-- Value, in hexadecimal.
	value TEXT NOT NULL
) STRICT;

-- An ELF object: how it was linked and how it is hardened.
CREATE TABLE elf (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- 32 or 64.
	class INTEGER NOT NULL,
	-- 'little' or 'big'.
	byte_order TEXT NOT NULL,
	-- 'MIPS', 'ARM', 'AArch64', 'x86', 'x86-64', 'PowerPC', 'RISC-V', 'Xtensa', …
	machine TEXT NOT NULL,
	-- 'executable', 'shared library', 'relocatable', 'core'; a position-independent program counts as executable.
	type TEXT NOT NULL,
	-- Program interpreter (the dynamic loader).
	interpreter TEXT,
	-- DT_SONAME.
	soname TEXT,
	-- 1 where the object has no dynamic section and no interpreter.
	static INTEGER NOT NULL,
	-- 1 position independent, 0 fixed address; NULL for relocatables.
	pie INTEGER,
	-- 1 where the stack is not executable; NULL where the machine or kernel does not say.
	nx INTEGER,
	-- 'none', 'partial' or 'full'; NULL for static and relocatable objects.
	relro TEXT,
	-- 1 where stack-protector calls are present; NULL where the object cannot tell (stripped static, or too small to need one).
	canary INTEGER,
	-- 1 where fortified calls (__*_chk) are imported, 0 where only unfortified twins are; NULL where neither is.
	fortify INTEGER,
	-- DT_RPATH.
	rpath TEXT,
	-- DT_RUNPATH.
	runpath TEXT,
	-- 1 where there is no symbol table (.symtab).
	stripped INTEGER NOT NULL,
	-- GNU build id in hexadecimal.
	build_id TEXT,
	-- Compiler as the .comment section names it.
	compiler TEXT
) STRICT;

-- A bFLT program, as systems without memory management run them.
CREATE TABLE flat_program (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Version of the format: 2 or 4.
	version INTEGER NOT NULL,
	-- The machine that its instructions are of, as elf.machine: the header names none; NULL where they do not tell.
	machine TEXT,
	-- 'little' or 'big'.
	byte_order TEXT,
	-- 1 where it is compressed.
	compressed INTEGER NOT NULL
) STRICT;

-- A machine that programs of the image are for, weighed by what runs: what is started, then programs, libraries and modules of the root, then the rest.
CREATE TABLE machine (
	-- 'MIPS', 'ARM', …, as elf.machine.
	name TEXT NOT NULL,
	-- 'little' or 'big'.
	byte_order TEXT NOT NULL,
	-- 32 or 64.
	class INTEGER NOT NULL,
	-- Number of objects.
	objects INTEGER NOT NULL,
	-- Their weight together; the machine with the greatest is the image's.
	weight INTEGER NOT NULL
) STRICT;

-- A library that an ELF object needs (DT_NEEDED).
CREATE TABLE elf_library (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Name of the library.
	name TEXT NOT NULL
) STRICT;

-- An imported function that matters to security: commands, unsafe copies, weak ciphers, weak randomness, crypto checks.
CREATE TABLE elf_import (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Name of the function.
	name TEXT NOT NULL,
	-- 'command', 'unsafe copy', 'weak cipher', 'weak hash', 'weak random', 'strong random', 'signature check', 'tls', 'crypto', 'memory lock', 'network'.
	class TEXT NOT NULL
) STRICT;

-- A Linux kernel.
CREATE TABLE kernel (
	-- The file or part that holds its bytes.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Release: '3.10.14', '4.14.63-openwrt'.
	release TEXT NOT NULL,
	-- The upstream version in it: '4.14.63'.
	version TEXT NOT NULL,
	-- The whole banner.
	banner TEXT,
	-- Compiler named in the banner.
	compiler TEXT,
	-- Build date named in the banner.
	built TEXT,
	-- Where the release was seen: 'banner', 'modules', 'uimage', 'package'.
	source TEXT NOT NULL
) STRICT;

-- A kernel configuration, and which kernel it says that it is of.
CREATE TABLE kernel_config (
	-- The file that it was read from.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Version in its head: '4.14.63'; NULL where none stands there.
	version TEXT
) STRICT;

-- A kernel build option (from IKCONFIG, /boot/config-*, or inferred from the kernel's own strings).
CREATE TABLE kernel_option (
	-- The file that it was read from.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Name with CONFIG_.
	name TEXT NOT NULL,
	-- 'y', 'm', a string or number; 'n' for "is not set".
	value TEXT NOT NULL
) STRICT;

-- Names that show which code is in a kernel: its table of symbols, of exports, the source paths in its messages, the lists of what is built in.
CREATE TABLE kernel_names (
	-- The kernel, module or list that they were read from.
	file INTEGER NOT NULL REFERENCES file(id),
	-- 'kallsyms' (functions), 'exports' (what modules may use), 'source paths', 'built in' (modules.builtin), 'modules'
	-- (modules.order, modules.dep), 'module symbols' (functions of a module), 'texts' (first words of messages, of those that are looked
	-- for) or 'marks' (names that code exports, or registers itself by, of those that are looked for).
	source TEXT NOT NULL,
	-- 1 where the list is whole: what it lacks is not in the kernel (functions that were not inlined, for 'kallsyms'), or
	-- not in the module, or list.
	whole INTEGER NOT NULL,
	-- Byte in the file where the table starts.
	offset INTEGER,
	-- Number of names.
	count INTEGER NOT NULL,
	-- The names, sorted, one a line.
	names TEXT NOT NULL,
	-- Of 'texts' and 'marks', a checksum of the table of those that were looked for: what another version of assay looks for may lack for that; NULL else.
	sought INTEGER
) STRICT;

-- A kernel module.
CREATE TABLE kernel_module (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Name.
	name TEXT NOT NULL,
	-- vermagic, whole.
	vermagic TEXT,
	-- Kernel release that it was built for (first word of vermagic).
	release TEXT,
	-- Licence that it declares.
	licence TEXT,
	-- Version that it declares.
	version TEXT,
	-- 1 where a module signature is appended.
	signed INTEGER NOT NULL
) STRICT;

-- A parameter of a kernel command line.
CREATE TABLE kernel_parameter (
	-- The file that it was read from.
	file INTEGER NOT NULL REFERENCES file(id),
	-- 'device tree', 'boot environment', 'kernel', 'boot configuration'.
	source TEXT NOT NULL,
	-- Name: 'console', 'root', 'init'.
	name TEXT NOT NULL,
	-- Value; NULL for a bare flag.
	value TEXT
) STRICT;

-- A device tree.
CREATE TABLE device_tree (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte in the file where it starts.
	offset INTEGER NOT NULL,
	-- The root node's model.
	model TEXT,
	-- The root node's compatible strings, joined with spaces.
	compatible TEXT,
	-- /chosen bootargs.
	bootargs TEXT,
	-- /chosen stdout-path.
	stdout_path TEXT,
	-- Serial ports that are enabled.
	enabled_serial INTEGER
) STRICT;

-- A boot loader, or a firmware stage of it.
CREATE TABLE boot_loader (
	-- The file or part.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte in the file of the version text.
	offset INTEGER NOT NULL,
	-- 'U-Boot', 'CFE', 'RedBoot', 'Barebox', 'TF-A', 'OP-TEE', 'GRUB', …
	name TEXT NOT NULL,
	-- Version.
	version TEXT,
	-- Build date in its banner.
	built TEXT,
	-- 1 where it can verify signed images (FIT signature code or an embedded public key), 0 where it shows none; NULL unknown.
	verifies INTEGER
) STRICT;

-- A variable of a boot environment, stored or compiled in.
CREATE TABLE boot_variable (
	-- The file or part.
	file INTEGER NOT NULL REFERENCES file(id),
	-- 'stored' (with a valid checksum), 'default' (compiled in), 'configuration' (extlinux, grub.cfg).
	source TEXT NOT NULL,
	-- Name: 'bootdelay', 'bootargs', 'bootcmd'.
	name TEXT NOT NULL,
	-- Value.
	value TEXT NOT NULL
) STRICT;

-- A signature (or its absence) on a bootable or updatable container: FIT, uImage, squashfs trailer, dm-verity, update bundle.
CREATE TABLE boot_signature (
	-- The file or part.
	file INTEGER NOT NULL REFERENCES file(id),
	-- What is signed: 'FIT configuration', 'FIT image', 'kernel', 'root file system', 'update package', …
	subject TEXT NOT NULL,
	-- Algorithm, 'sha256,rsa2048'; 'crc32' or 'md5' for a checksum only; 'none'.
	algorithm TEXT NOT NULL,
	-- 1 for a cryptographic signature, 0 for a checksum or nothing.
	signed INTEGER NOT NULL,
	-- Name of the key that it asks for.
	key_name TEXT
) STRICT;

-- A user account.
CREATE TABLE account (
	-- The file (passwd or shadow).
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line, from 1; NULL in a program.
	line INTEGER,
	-- Login name.
	name TEXT NOT NULL,
	-- User id; NULL when only shadow names it.
	uid INTEGER,
	-- Home directory.
	home TEXT,
	-- Login shell.
	shell TEXT,
	-- 'empty', 'locked', 'hash', 'shadow' (the password is in shadow) or 'invalid'.
	password TEXT NOT NULL,
	-- Hash scheme: 'descrypt', 'md5crypt', 'sha256crypt', 'sha512crypt', 'bcrypt', 'yescrypt', 'apr1', …; 'plain' in clear; where there is no hash, the mark that stands alone: '!', '*', 'x'.
	scheme TEXT,
	-- The password, where a small dictionary of vendor defaults finds it; its middle masked, unless secrets were asked for.
	cracked TEXT,
	-- 1 where the shell lets the account log in, 0 where it does not (nologin, false).
	can_login INTEGER,
	-- Which store the line comes from: 'passwd', 'shadow', 'htpasswd', 'uci', 'samba', 'nvram' (a default that a program holds), …
	store TEXT NOT NULL
) STRICT;
CREATE INDEX account_name ON account(name);

-- A private or public key.
CREATE TABLE key (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte in the file where it starts.
	offset INTEGER NOT NULL,
	-- 'private' or 'public'.
	kind TEXT NOT NULL,
	-- 'RSA', 'DSA', 'EC', 'Ed25519', …; NULL where it could not be parsed (for example, encrypted).
	algorithm TEXT,
	-- Key size in bits.
	bits INTEGER,
	-- 'PEM', 'DER', 'OpenSSH', 'Dropbear', 'authorized_keys', 'usign', 'PKCS#12', …
	format TEXT NOT NULL,
	-- 1 where a passphrase protects it.
	encrypted INTEGER NOT NULL,
	-- What it is used for, where the path or the configuration says: 'ssh host', 'tls server', 'authorized login', 'package signing', 'update', …
	purpose TEXT,
	-- SHA-256 of the public key (SubjectPublicKeyInfo, or the SSH blob), in hexadecimal.
	fingerprint TEXT,
	-- Comment that stands with it.
	comment TEXT,
	-- Whose published test key it is: 'Mbed TLS (test key)'; NULL where it is none that is known.
	known TEXT
) STRICT;

-- An X.509 certificate.
CREATE TABLE certificate (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte in the file where it starts.
	offset INTEGER NOT NULL,
	-- Subject, RFC 2253.
	subject TEXT,
	-- Issuer, RFC 2253.
	issuer TEXT,
	-- Serial number in hexadecimal.
	serial TEXT,
	-- First second of validity, 'YYYY-MM-DDThh:mm:ssZ'.
	not_before TEXT,
	-- Last second of validity.
	not_after TEXT,
	-- 'RSA', 'EC', …
	key_algorithm TEXT,
	-- Key size in bits.
	key_bits INTEGER,
	-- 'sha256WithRSAEncryption', …
	signature_algorithm TEXT,
	-- 1 where subject and issuer are the same and its own key signed it.
	self_signed INTEGER,
	-- 1 for a certificate authority.
	authority INTEGER,
	-- 1 where the same image holds its private key.
	private_key_present INTEGER NOT NULL DEFAULT 0,
	-- 1 where it lies in a store of public roots (ca-certificates), whose entries are others' and not the maker's.
	root_store INTEGER NOT NULL DEFAULT 0,
	-- SHA-256 of the whole certificate, in hexadecimal.
	fingerprint TEXT,
	-- SHA-256 of its SubjectPublicKeyInfo, in hexadecimal: joins with key.fingerprint.
	key_fingerprint TEXT,
	-- Whose published test key signed or holds it, as key.known; NULL where it is none that is known.
	known TEXT
) STRICT;

-- A secret that stands in clear: a Wi-Fi key, a cloud token, a hard-coded password.
CREATE TABLE secret (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line from 1 in a text file; NULL in a binary.
	line INTEGER,
	-- Byte in the file.
	offset INTEGER NOT NULL,
	-- 'wifi key', 'password', 'cloud token', 'api key', 'ppp', 'snmp community', …
	kind TEXT NOT NULL,
	-- Rule that found it.
	rule TEXT NOT NULL,
	-- Name of the variable or option that holds it.
	name TEXT,
	-- The value with its middle masked, unless secrets were asked for; a placeholder is given whole.
	excerpt TEXT NOT NULL,
	-- 'high', 'medium' or 'low'.
	confidence TEXT NOT NULL,
	-- 1 where the value only stands in a secret's place: 'changeme', 'YOUR_API_KEY'.
	placeholder INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A secret or private key in a file that only a layer of a container image has: a later layer deletes or replaces it, so it is in no root
-- file system, and whoever has the image can still read it.
CREATE TABLE residue (
	-- The layer.
	volume INTEGER NOT NULL REFERENCES volume(id),
	-- Path of the file in the layer.
	path TEXT NOT NULL,
	-- 'private key', or as secret.kind.
	kind TEXT NOT NULL,
	-- Line from 1; NULL where not known.
	line INTEGER,
	-- Name of the variable or option, or the algorithm of the key.
	name TEXT,
	-- SHA-256 of the file, in hexadecimal.
	sha256 TEXT
) STRICT;

-- A program that is started at boot or on demand by a super-server.
CREATE TABLE service (
	-- The file that starts it (inittab, rc script, unit).
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line, from 1; NULL for a whole unit or script.
	line INTEGER,
	-- Short name: 'telnetd', 'dropbear', 'httpd'.
	name TEXT NOT NULL,
	-- Path of the program, as written.
	program TEXT,
	-- Its arguments, as written.
	arguments TEXT,
	-- 'telnet', 'ftp', 'tftp', 'ssh', 'http', 'https', 'adb', 'rsh', 'snmp', 'upnp', 'dns', 'dhcp', 'dhcpv6', 'ntp', 'smb', 'nfs', 'mqtt', 'rtsp', 'vendor', …; NULL where not known.
	protocol TEXT,
	-- 'inittab', 'rc script', 'sysv link', 'procd', 'systemd', 'inetd', 'xinetd', 'android init', 'cron', 'hotplug', 'network script', 'kernel'; 'program' where another program that is started starts it.
	starter TEXT NOT NULL,
	-- 1 started at boot, 0 present but disabled; NULL where the condition cannot be decided.
	enabled INTEGER,
	-- User that it runs as, where the starter says.
	user TEXT,
	-- 1 where the named program exists in the image; NULL where it cannot be told.
	program_present INTEGER,
	-- The file that is run, found along the search path and through links; NULL where it is not there or not told.
	program_file INTEGER REFERENCES file(id),
	-- Byte in the file of the words that start it, where the file is a program.
	offset INTEGER,
	-- 1 where it waits for others on a network, 0 where it is known not to; NULL where not known.
	listens INTEGER,
	-- Port that it waits on; NULL where not known.
	port INTEGER,
	-- What tells the port: 'arguments', 'configuration', 'unit', 'services table'; 'default' where only its protocol's usual port is known.
	port_source TEXT,
	-- Why it is believed to wait for others, or not.
	why TEXT
) STRICT;
CREATE INDEX service_line ON service(file, line);
CREATE INDEX service_program ON service(file, program);
CREATE INDEX service_name ON service(name);

-- What a script tests before it starts a service: a setting, a variable, a file. All numbers must hold; of rows of one number, one.
CREATE TABLE service_condition (
	-- The file that starts it.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line of the service, from 1.
	line INTEGER,
	-- Name of the service.
	service TEXT NOT NULL,
	-- Number of the condition among those of the file, from 1.
	number INTEGER NOT NULL,
	-- Where the value comes from: 'nvram', 'boot environment', 'uci', 'uci section', 'property', 'kernel command line', 'file', 'variable', 'constant', 'validation'; NULL where the test is not understood.
	source TEXT,
	-- What is asked for: 'factory_mode', 'dropbear.*.enable', '/etc/debug'.
	name TEXT,
	-- '=' or '<>'.
	operator TEXT,
	-- The value that it is compared with; '' for none.
	value TEXT,
	-- The value that counts where nothing sets it, where the script tells it.
	fallback TEXT,
	-- The test as it stands.
	detail TEXT,
	-- 1 where it holds as the device is shipped, 0 where it does not; NULL where the image does not tell.
	holds INTEGER,
	-- The value that the image gives; NULL where it gives none, or one that is not kept.
	shipped TEXT,
	-- Path of the file that gives it.
	shipped_by TEXT
) STRICT;
CREATE INDEX service_condition_line ON service_condition(file, line);

-- A name under which a multi-call program (BusyBox) does another thing.
CREATE TABLE applet (
	-- The program.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Name of the applet.
	name TEXT NOT NULL,
	-- Byte in the file where the name stands.
	offset INTEGER
) STRICT;

-- The table of applets that a BusyBox holds.
CREATE TABLE applet_table (
	-- The program.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte in the file where its first name stands.
	offset INTEGER NOT NULL,
	-- Number of names.
	count INTEGER NOT NULL,
	-- 1 where it was read from its first name to its last: what it lacks is not in the program.
	whole INTEGER NOT NULL
) STRICT;

-- What the content of a file shows, or surely does not, of the parts of a component that it holds; data/parts says by what.
CREATE TABLE part_sign (
	-- The program or library.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte in the file; NULL for what is missing.
	offset INTEGER,
	-- The component.
	component TEXT NOT NULL,
	-- Name of the part.
	name TEXT NOT NULL,
	-- 1 where the file shows it; 0 where it would show it and does not.
	present INTEGER NOT NULL,
	-- 'option' (of the list of options that it was built with), 'symbol', 'text', 'machine' or 'elsewhere' (a text in a program that need not be the component's own).
	sign TEXT NOT NULL,
	-- The words that were seen, or are missing.
	detail TEXT NOT NULL
) STRICT;
CREATE INDEX part_sign_part ON part_sign(component, name);

-- What a program shows of the fix of a vulnerability in a component that it holds; data/fixes says by what.
CREATE TABLE fix_sign (
	-- The program or library.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte in the file; NULL for what is missing.
	offset INTEGER,
	-- The component.
	component TEXT NOT NULL,
	-- Identifier of the vulnerability.
	vulnerability TEXT NOT NULL,
	-- First version of the component for which the signs mean that.
	since TEXT NOT NULL,
	-- First version after it for which they no longer do.
	before TEXT NOT NULL,
	-- 'fixed', 'unfixed', or 'neither' where the code is there, or may be, and nothing shows which of the two it is.
	shows TEXT NOT NULL,
	-- What shows it, or would: 'text', 'literal', 'symbol', 'export', 'import' or 'bytes'; NULL where nothing is looked for.
	sign TEXT,
	-- The words that were seen, or are missing.
	detail TEXT
) STRICT;
CREATE INDEX fix_sign_vulnerability ON fix_sign(component, vulnerability);

-- A program that a package manager's list of files names.
CREATE TABLE package_file (
	-- The list.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line, from 1.
	line INTEGER,
	-- Name of the package.
	package TEXT NOT NULL,
	-- Path of the program.
	path TEXT NOT NULL
) STRICT;

-- A call by which a program switches the check of certificates off: constants right before it in the machine code say so.
CREATE TABLE tls_check (
	-- The program or library.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte of the calling instruction in the file.
	offset INTEGER NOT NULL,
	-- The imported function: 'curl_easy_setopt', 'SSL_CTX_set_verify', 'mbedtls_ssl_conf_authmode', …
	function TEXT NOT NULL,
	-- What is set: 'CURLOPT_SSL_VERIFYPEER', 'CURLOPT_SSL_VERIFYHOST', 'mode'.
	setting TEXT NOT NULL,
	-- The constant that it is set to.
	value INTEGER NOT NULL,
	-- 'high': no other call of the object sets it otherwise; 'medium': neither, and the object seems to be a client that checks nothing by
	-- other means; 'low': others set it otherwise, the object speaks of an option for it, or it serves, or checks by other means.
	confidence TEXT NOT NULL
) STRICT;

-- A shell that a script or a program hands to another machine, found by what it does.
CREATE TABLE remote_shell (
	-- The file that does it.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line from 1; NULL in a program.
	line INTEGER,
	-- Byte in the file; NULL where the program as a whole shows it.
	offset INTEGER,
	-- 'bind shell' (whoever connects gets it), 'reverse shell' (it connects out), 'control client' (a tunnel through which others come in).
	kind TEXT NOT NULL,
	-- How: 'nc', '/dev/tcp', 'fifo', 'socat', 'telnetd', 'python', 'imports', 'symbols' (of a static program), …
	method TEXT NOT NULL,
	-- Host and port of the other side, where they are told.
	peer TEXT,
	-- The command, or what the program imports.
	detail TEXT NOT NULL,
	-- 'high', 'medium' or 'low'.
	confidence TEXT NOT NULL,
	-- 1 where the script or program that does it is started at boot; 0 where what it calls is not in the image; NULL where
	-- that cannot be decided.
	started INTEGER
) STRICT;

-- Commands that a script takes from elsewhere, and runs.
CREATE TABLE foreign_command (
	-- The script.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line that runs them, from 1.
	line INTEGER,
	-- 'fetched' (from a network), 'decoded' (out of an encoding or a cipher), 'setting' (out of NVRAM, uci or the boot environment).
	kind TEXT NOT NULL,
	-- Where they come from: an address, a name in a store, the decoder; NULL where the script does not tell.
	origin TEXT,
	-- Of what is fetched: 1 where nothing proves that it is what was meant (HTTP, FTP, TFTP, a certificate left unchecked), 0 where a certificate is checked; NULL where not known.
	unprotected INTEGER,
	-- The commands, as they stand.
	detail TEXT NOT NULL,
	-- 1 where it runs whenever the script does; NULL where that depends on something.
	always INTEGER,
	-- 1 where that happens at boot, 0 where nothing in the image is seen to run the script; NULL where it may happen.
	started INTEGER
) STRICT;

-- A rule of a packet filter that lets packets in.
CREATE TABLE firewall_rule (
	-- The file (a script, a table of rules, a configuration).
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line from 1; NULL in a program.
	line INTEGER,
	-- Byte in the program; NULL in a text.
	offset INTEGER,
	-- 'iptables', 'ip6tables', 'nft', 'uci', 'firewalld', 'ufw'.
	tool TEXT NOT NULL,
	-- 'policy' (what happens to everything that no rule names) or 'rule'.
	kind TEXT NOT NULL,
	-- Zone or interface that packets come from: 'wan', 'eth0.2'; NULL for any.
	source TEXT,
	-- 'tcp', 'udp', …; NULL for any.
	transport TEXT,
	-- Ports as written; NULL for any.
	port TEXT,
	-- The command or the option as it stands.
	detail TEXT NOT NULL,
	-- 1 where it is surely set at boot; NULL where that cannot be decided.
	enabled INTEGER
) STRICT;

-- A console (serial or virtual) and what is bound to it.
CREATE TABLE console (
	-- The file that binds it.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line, from 1.
	line INTEGER,
	-- Device: 'ttyS0', '/dev/console'.
	device TEXT NOT NULL,
	-- Program bound to it, with its arguments.
	program TEXT NOT NULL,
	-- The program alone, without shells and settings around it.
	runs TEXT,
	-- 1 where it asks for a login, 0 where it gives a shell at once.
	authenticated INTEGER NOT NULL,
	-- 1 where the program is in the image, 0 where it, or the loader that it needs, is not in a whole root file system.
	program_present INTEGER,
	-- The program's file.
	program_file INTEGER REFERENCES file(id)
) STRICT;

-- A network name or address that the image speaks of.
CREATE TABLE endpoint (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte in the file.
	offset INTEGER NOT NULL,
	-- 'url', 'host', 'address' or 'mail'.
	kind TEXT NOT NULL,
	-- 'http', 'https', 'ftp', 'mqtt', …; NULL for a bare host or address.
	scheme TEXT,
	-- Host or address.
	host TEXT NOT NULL,
	-- Port, where it is given.
	port INTEGER,
	-- The whole text.
	text TEXT NOT NULL,
	-- 1 where the scheme sends in clear.
	plaintext INTEGER NOT NULL,
	-- 'update', 'telemetry', 'time', 'cloud', 'documentation', 'schema', 'local', …; NULL where not known.
	purpose TEXT
) STRICT;

-- A hint of how the device updates itself, and what it checks.
CREATE TABLE update_mechanism (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line from 1; NULL in a binary.
	line INTEGER,
	-- 'opkg', 'sysupgrade', 'swupdate', 'rauc', 'mender', 'apt', 'fota', 'vendor'.
	name TEXT NOT NULL,
	-- What it says: 'signature', 'checksum', 'no check', 'http', 'https', 'rollback', 'no signature required', 'installs' (the call by which a web page writes the firmware).
	aspect TEXT NOT NULL,
	-- The line or words that say so.
	detail TEXT NOT NULL
) STRICT;

-- A setting of a service, of the system or of an application that matters to security (sshd_config, sysctl, uci, httpd).
CREATE TABLE setting (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line, from 1.
	line INTEGER,
	-- What it configures: 'sshd', 'dropbear', 'sysctl', 'wifi', 'uhttpd', 'mount', 'firewall', …
	subject TEXT NOT NULL,
	-- Name.
	name TEXT NOT NULL,
	-- Value.
	value TEXT NOT NULL
) STRICT;

-- A package that a package database says is installed.
CREATE TABLE package (
	-- The database file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Line of the record, from 1; NULL in a binary database.
	line INTEGER,
	-- 'opkg', 'dpkg', 'apk', 'rpm'.
	manager TEXT NOT NULL,
	-- Name.
	name TEXT NOT NULL,
	-- Version with the packager's revision.
	version TEXT NOT NULL,
	-- Architecture.
	architecture TEXT,
	-- Source package.
	source TEXT,
	-- Licence, as the database gives it.
	licence TEXT,
	-- Distribution that it belongs to: 'openwrt', 'debian', 'alpine', …
	distribution TEXT,
	-- CPE name that the package declares for itself.
	cpe TEXT
) STRICT;
CREATE INDEX package_name ON package(name, version);
CREATE INDEX package_line ON package(file, line);

-- One sighting of a component: why assay believes that it is there.
CREATE TABLE witness (
	-- The file.
	file INTEGER NOT NULL REFERENCES file(id),
	-- Byte in the file of the text; NULL for a name or a package record.
	offset INTEGER,
	-- Line in a package database.
	line INTEGER,
	-- Name of the component, as in data/components.
	component TEXT NOT NULL,
	-- Version; NULL where the sighting shows only presence.
	version TEXT,
	-- 'package', 'banner', 'file name', 'library name', 'symbol', 'kernel', 'boot loader', 'configuration'.
	method TEXT NOT NULL,
	-- The words that were seen.
	detail TEXT NOT NULL,
	-- 0 to 100: how surely this sighting names component and version.
	confidence INTEGER NOT NULL
) STRICT;

-- A component: a piece of software with a version, merged from its witnesses.
CREATE TABLE component (
	-- Number of the component, in order of name and version.
	id INTEGER PRIMARY KEY,
	-- Name.
	name TEXT NOT NULL,
	-- Upstream version; NULL where only presence is known.
	version TEXT,
	-- Version as the packager writes it, with revision.
	package_version TEXT,
	-- 'library', 'application', 'operating-system', 'firmware', 'file'.
	type TEXT NOT NULL,
	-- Package URL.
	purl TEXT,
	-- CPE 2.3 name.
	cpe TEXT,
	-- Licence as an SPDX expression; NULL where not known.
	licence TEXT,
	-- 0 to 100.
	confidence INTEGER NOT NULL,
	-- Path of the file that shows it best.
	path TEXT
) STRICT;

-- Which witnesses stand behind a component.
CREATE TABLE component_witness (
	-- The component.
	component INTEGER NOT NULL REFERENCES component(id),
	-- rowid of the witness.
	witness INTEGER NOT NULL
) STRICT;
CREATE INDEX component_witness_component ON component_witness(component);

-- Until when the makers of a component mend the series that it is of (data/support): only where they have said so, and for packages of no distribution.
CREATE TABLE support (
	-- The component.
	component INTEGER NOT NULL REFERENCES component(id),
	-- The series: versions that begin with it.
	series TEXT NOT NULL,
	-- Last day of fixes, 'YYYY-MM-DD'; where no end is announced, the year, month or day after which none of the series was released.
	until TEXT NOT NULL,
	-- 1 where that day had passed on the day of the vulnerability data.
	ended INTEGER NOT NULL,
	-- 1 where the makers announced that day.
	announced INTEGER NOT NULL
) STRICT;

-- A known vulnerability that matches a component by version.
CREATE TABLE vulnerability (
	-- Identifier: 'CVE-2021-33909'.
	id TEXT NOT NULL,
	-- The component.
	component INTEGER NOT NULL REFERENCES component(id),
	-- 'critical', 'high', 'medium', 'low', 'none'; NULL where no score is known.
	severity TEXT,
	-- CVSS base score, 0 to 10.
	cvss REAL,
	-- CVSS version of the score: '3.1', '2.0', '4.0'.
	cvss_version TEXT,
	-- CVSS vector.
	vector TEXT,
	-- Probability of exploitation in the next 30 days (EPSS), 0 to 1.
	epss REAL,
	-- 1 where CISA lists it as exploited in the wild.
	known_exploited INTEGER NOT NULL,
	-- Day on which CISA listed it, YYYY-MM-DD; NULL where it does not.
	exploited_since TEXT,
	-- SSVC of CISA (Vulnrichment): 'none', 'poc' or 'active'; NULL where not known.
	ssvc_exploitation TEXT,
	-- SSVC of CISA: 'yes' or 'no', whether an attack can be automated.
	ssvc_automatable TEXT,
	-- SSVC of CISA: 'partial' or 'total', what an attack gives technically.
	ssvc_impact TEXT,
	-- Weakness: 'CWE-787'.
	weakness TEXT,
	-- First version known to be without it, where one is known.
	fixed_in TEXT,
	-- Else the last version that the source says has it, where it names one.
	last_affected TEXT,
	-- 'affected' (the version lies in an evidenced range, and nothing lets doubt that the faulty part is there), 'not affected', 'fixed' or 'under review', as the image shows or the maker declares.
	status TEXT NOT NULL,
	-- Why it applies or does not: the range and its source, or the declaration.
	reason TEXT NOT NULL,
	-- Of 'not affected', in the words of VEX: 'component_not_present', 'vulnerable_code_not_present', 'vulnerable_code_not_in_execute_path', …; NULL else.
	justification TEXT,
	-- Of 'under review', the one question that would decide it; NULL else.
	question TEXT,
	-- Part of the component that has the fault, where known: 'minizip', 'httpd', 'EAP-pwd'.
	part TEXT,
	-- 'nvd', 'cve', 'osv', 'vendor', 'assay' (our own facts), …
	source TEXT NOT NULL,
	-- rowid of the statement (VEX) that was applied; NULL where none was.
	statement INTEGER,
	-- Status by store and image alone, where a statement was applied; else NULL.
	own_status TEXT,
	-- Its reason.
	own_reason TEXT,
	-- 1 where its record says that its maker or others hold that it is no vulnerability.
	disputed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX vulnerability_component ON vulnerability(component, id);
CREATE INDEX vulnerability_id ON vulnerability(id);

-- What makers and others say of vulnerabilities (VEX): OpenVEX, CSAF, CycloneDX and product.yaml, one row for each product and component.
CREATE TABLE statement (
	-- Who states it; NULL where the document does not say.
	author TEXT,
	-- 'OpenVEX', 'CSAF', 'CycloneDX' or 'product.yaml'.
	format TEXT NOT NULL,
	-- Name of the document.
	document TEXT NOT NULL,
	-- Line in it, from 1.
	line INTEGER NOT NULL,
	-- Identifier of the vulnerability.
	vulnerability TEXT NOT NULL,
	-- Product that it is about: a package URL, a CPE name or a name; NULL: the one that it was given with.
	product TEXT,
	-- SHA-256 of that product, where the document gives it.
	digest TEXT,
	-- Component of it: a package URL, a CPE name or a name; NULL: all that match the vulnerability.
	component TEXT,
	-- Versions of the component: one, or a range in the form of vers; NULL: all.
	version TEXT,
	-- Part of the component; NULL: all of it.
	part TEXT,
	-- 'affected', 'not affected', 'fixed' or 'under review'.
	status TEXT NOT NULL,
	-- Of 'not affected', in the words of OpenVEX and CSAF; NULL where only a reason is given.
	justification TEXT,
	-- Why, in the author's words.
	reason TEXT,
	-- What is or should be done, in the author's words.
	action TEXT,
	-- When it was issued, 'YYYY-MM-DDThh:mm:ssZ'; NULL where it does not say.
	issued TEXT,
	-- Last day on which it holds, YYYY-MM-DD; NULL: without end.
	expires TEXT,
	-- 1 where it decides or confirms the status of a vulnerability here, 0 where not.
	applied INTEGER NOT NULL DEFAULT 0,
	-- 1 where it is about a match here, and does not apply: out of date, another version, contradicted by the image or by a newer one.
	stopped INTEGER NOT NULL DEFAULT 0,
	-- 1 where it meets nothing here: nothing is matched with its vulnerability, or nothing of what it names; or no statement of its document is about this product.
	unmet INTEGER NOT NULL DEFAULT 0,
	-- Why it does not apply, in words; NULL where it does.
	why TEXT
) STRICT;
CREATE INDEX statement_vulnerability ON statement(vulnerability);

-- What the status of a vulnerability rests on: where one of these no longer holds, the status does not either.
CREATE TABLE premise (
	-- Identifier of the vulnerability.
	vulnerability TEXT NOT NULL,
	-- The component.
	component INTEGER NOT NULL REFERENCES component(id),
	-- 'range' (the version lies in it), 'device' (the image is for it), 'patch level', 'branch', 'part', 'kernel option', 'kernel file', 'kernel symbol', 'machine', 'package' (its version against a release's list), 'fix' (seen in the binary), 'source' (sources and patches of this version or another), 'made' (the latest day in the image), 'declaration'.
	kind TEXT NOT NULL,
	-- Its value in words: '[1.14.0, 1.21.0)', 'httpd is not in the applet table', 'CONFIG_NF_TABLES is not set'.
	value TEXT NOT NULL,
	-- File that shows it, where one does.
	file INTEGER REFERENCES file(id),
	-- Byte in that file.
	offset INTEGER
) STRICT;
CREATE INDEX premise_vulnerability ON premise(vulnerability, component);

-- A part of a component (an applet, a library or program of it, a protocol, a compile option) that is, or surely is not, in the image.
CREATE TABLE part (
	-- The component.
	component INTEGER NOT NULL REFERENCES component(id),
	-- Name, as in data/parts: 'httpd', 'minizip', 'DHCPv6', 'EAP-pwd'.
	name TEXT NOT NULL,
	-- 1 where it is there; 0 where what would show it was read whole and does not.
	present INTEGER NOT NULL,
	-- What shows it: 'applet', 'option', 'symbol', 'text', 'machine' or 'file' (a program, library or script of its own).
	sign TEXT NOT NULL,
	-- Why, in words.
	reason TEXT NOT NULL,
	-- File that shows it.
	file INTEGER REFERENCES file(id),
	-- Byte in that file.
	offset INTEGER
) STRICT;
CREATE INDEX part_component ON part(component, name);

-- What names the device, or what it runs: a header, a device tree, a file, each with its place.
CREATE TABLE identity (
	-- The file; NULL where it is a header.
	file INTEGER REFERENCES file(id),
	-- The volume whose header it is; NULL where it is a file.
	volume INTEGER REFERENCES volume(id),
	-- Line in the file, from 1.
	line INTEGER,
	-- 'vendor', 'model', 'hardware' (revision), 'version' (of the firmware), 'dated', 'system' (what it runs: 'OpenWrt 18.06.1'), 'board' (a code) or 'mark' (what it was built from).
	subject TEXT NOT NULL,
	-- Its value, as written; a vendor by the name that data/identity/vendors.yaml gives.
	value TEXT NOT NULL,
	-- 'header', 'file', 'device tree', 'board code', 'compatible', 'certificate', 'model' (a maker named before it), 'program' or 'page' (a text of data/identity/texts.yaml).
	source TEXT NOT NULL,
	-- 0 to 100.
	confidence INTEGER NOT NULL
) STRICT;

-- The vulnerability store that was used, one row; none where there was no store.
CREATE TABLE vulnerability_store (
	-- Day of the newest data in it, 'YYYY-MM-DD'.
	date TEXT NOT NULL,
	-- Where it came from: 'starter' or the file's name.
	name TEXT NOT NULL,
	-- Number of vulnerabilities in it.
	vulnerabilities INTEGER NOT NULL,
	-- 1 where it was old when it was used.
	old INTEGER NOT NULL,
	-- SHA-256 of its tables, hexadecimal; NULL where that was not computed.
	sha256 TEXT,
	-- 'built in', 'trusted' (signed by a key that the user trusts), 'other key' (by none of those), 'unsigned', 'wrong' (the signature
	-- does not hold), 'changed' (its tables are not those that were signed or made); NULL where nobody looked.
	signature TEXT,
	-- Name of the key that signed it: the first 16 hexadecimal digits of the public key's SHA-256; NULL for none.
	signer TEXT,
	-- What its signature means, and what to do, in one line; NULL where there is nothing to tell.
	warning TEXT,
	-- Where it has less than the store that is built in (sources that are missing, older or smaller), in one line; NULL for none.
	less TEXT
) STRICT;

-- The feeds of that store, one row each: what each publisher's data is, and how old.
CREATE TABLE vulnerability_feed (
	-- Who publishes it: 'nvd', 'cve', 'kev', 'epss', 'alpine', 'ubuntu', …
	name TEXT NOT NULL,
	-- Day of its newest data, 'YYYY-MM-DD'; NULL where it does not tell.
	date TEXT,
	-- Number of vulnerabilities that it speaks of.
	records INTEGER NOT NULL,
	-- 1 where its newest data lay more than 30 days before the report; NULL where it has no day.
	old INTEGER
) STRICT;

-- What the maker declares in product.yaml.
CREATE TABLE declaration (
	-- Key, with dots between levels: 'updates.signed', 'requirements.2.1.1'.
	key TEXT NOT NULL,
	-- Value as text.
	value TEXT NOT NULL,
	-- Line in the file, from 1.
	line INTEGER NOT NULL
) STRICT;

-- A catalogue of requirements.
CREATE TABLE catalog (
	-- Short name: 'xiaomi-2.0'.
	id TEXT PRIMARY KEY,
	-- Title.
	title TEXT NOT NULL,
	-- Publisher.
	publisher TEXT NOT NULL,
	-- Version.
	version TEXT NOT NULL
) STRICT;

-- A requirement of a catalogue.
CREATE TABLE requirement (
	-- The catalogue.
	catalog TEXT NOT NULL REFERENCES catalog(id),
	-- Identifier in it.
	id TEXT NOT NULL,
	-- Place in the catalogue, from 1.
	ordinal INTEGER NOT NULL,
	-- Title.
	title TEXT NOT NULL,
	-- Meaning, in our words.
	meaning TEXT NOT NULL,
	-- Lowest level that asks for it: 'low', 'medium', 'high'; NULL where no level does.
	level TEXT,
	-- Condition under which it applies.
	condition TEXT,
	-- Whether an image can decide it: 'yes', 'partly' or 'no'.
	decidable TEXT NOT NULL,
	PRIMARY KEY (catalog, id)
) STRICT;

-- How a requirement relates to other publications.
CREATE TABLE requirement_mapping (
	-- The catalogue.
	catalog TEXT NOT NULL,
	-- The requirement.
	requirement TEXT NOT NULL,
	-- The other publication: 'ETSI EN 303 645 v3.1.3', 'EU CRA', 'NISTIR 8425', …
	publication TEXT NOT NULL,
	-- Identifier there.
	reference TEXT NOT NULL
) STRICT;

-- The verdict on a requirement.
CREATE TABLE verdict (
	-- The catalogue.
	catalog TEXT NOT NULL,
	-- The requirement.
	requirement TEXT NOT NULL,
	-- 'failed', 'shown', 'declared', 'unproven', 'not-applicable', 'error'; 'not-judged' where the catalogue is not about this kind of device.
	verdict TEXT NOT NULL,
	-- Why, in a sentence.
	reason TEXT NOT NULL,
	-- Key of the declaration that was weighed; NULL where there is none.
	declaration TEXT,
	-- 1 where the image contradicts that declaration.
	contradicted INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (catalog, requirement)
) STRICT;

-- A row of evidence behind a verdict.
CREATE TABLE verdict_evidence (
	-- The catalogue.
	catalog TEXT NOT NULL,
	-- The requirement.
	requirement TEXT NOT NULL,
	-- 'fails', 'shows' or 'excludes'.
	role TEXT NOT NULL,
	-- Rule that returned the row.
	rule TEXT NOT NULL,
	-- Path of the file.
	path TEXT,
	-- Line, from 1.
	line INTEGER,
	-- What was seen.
	detail TEXT NOT NULL
) STRICT;

-- Something wrong that a rule found.
CREATE TABLE finding (
	-- Rule: 'account-universal-password'.
	rule TEXT NOT NULL,
	-- Title of the rule.
	title TEXT NOT NULL,
	-- 'critical', 'high', 'medium', 'low' or 'info'.
	severity TEXT NOT NULL,
	-- Path of the file.
	path TEXT,
	-- Line, from 1.
	line INTEGER,
	-- What was seen.
	detail TEXT NOT NULL,
	-- What to do about it.
	advice TEXT
) STRICT;

-- What kind of device it is, and how much of it the rules could judge, one row.
CREATE TABLE device (
	-- 'linux-device', else the kind of its largest artifact: 'microcontroller', 'app', 'kernel', 'sbom', …, 'unknown'.
	kind TEXT NOT NULL,
	-- The same for a person: 'a kernel (Linux 3.10.14 in kernel)'.
	words TEXT NOT NULL,
	-- 1 where the catalogue that the grade rests on is about this kind; where 0, there is no grade.
	judged INTEGER NOT NULL,
	-- What was not read, in words; NULL where all was. Grade and ceiling take it for harmless.
	unread TEXT
) STRICT;

-- The grade, one row; none where the device was not judged.
CREATE TABLE grade (
	-- 0 to 5, as proven and declared today.
	level INTEGER NOT NULL,
	-- The highest grade that the image still allows whatever is declared.
	ceiling INTEGER NOT NULL
) STRICT;

-- Why the grade is not higher, and what would lift it.
CREATE TABLE grade_reason (
	-- Order, from 1: most urgent first.
	ordinal INTEGER NOT NULL,
	-- 'blocks' (holds the grade), 'ceiling' (holds the ceiling), 'unread' (what the ceiling takes for harmless) or 'step' (would lift it to the next grade).
	kind TEXT NOT NULL,
	-- Grade that it stands in the way of.
	level INTEGER NOT NULL,
	-- The reason, in a sentence.
	text TEXT NOT NULL,
	-- Requirement behind it, as 'catalog id'; NULL for a criterion of the grade itself.
	requirement TEXT,
	-- Of a step that mends something: what the image shows; NULL for a step that shows or declares.
	fact TEXT,
	-- Of such a step: what to do.
	advice TEXT,
	-- Of such a step: the requirements and criteria that the fact stands against.
	names TEXT,
	-- 1 where the fact contradicts a declaration.
	contradicts INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What could not be read, and other remarks on how the image was read.
CREATE TABLE note (
	-- 'info', 'warning' or 'error'.
	severity TEXT NOT NULL,
	-- Short stable code: 'squashfs.bad-inode'.
	code TEXT NOT NULL,
	-- The remark.
	message TEXT NOT NULL,
	-- Path of the file or name of the volume that it is about.
	path TEXT,
	-- Byte in it.
	offset INTEGER
) STRICT;

-- What was not read, and so may hold anything: nothing is shown about the volume or image that it belongs to.
CREATE TABLE incomplete (
	-- Volume that it lies in, or that it is; NULL where it is about the image as a whole.
	volume INTEGER REFERENCES volume(id),
	-- File that it is about; NULL where it is not about one.
	file INTEGER REFERENCES file(id),
	-- Path of that file, or name of the part or volume.
	path TEXT,
	-- 'content' (bytes not read, or without the checksum that is stated of them), 'entries' (files or volumes not listed), 'structure' (a part of unknown extent), 'search' (bytes read, but not searched or not understood), 'facts' (found, and not kept), 'sight' (left out of a conclusion).
	missing TEXT NOT NULL,
	-- 'damaged', 'unsupported', 'encrypted', 'limit', 'time', 'memory' or 'unreadable'.
	cause TEXT NOT NULL,
	-- How much: bytes of content and search, else a number of things; NULL where not known.
	amount INTEGER,
	-- Byte in the file or volume where it begins; NULL where not known.
	offset INTEGER,
	-- Short stable code, as in `note`.
	code TEXT NOT NULL,
	-- The same in a sentence.
	detail TEXT NOT NULL
) STRICT;
CREATE INDEX incomplete_file ON incomplete(file);
CREATE INDEX incomplete_volume ON incomplete(volume);
