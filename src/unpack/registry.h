/* Names of the unpackers, for the registry, and for who opens one without a search. */
#ifndef ASSAY_UNPACK_REGISTRY_H
#define ASSAY_UNPACK_REGISTRY_H

#include "unpack/unpacker.h"

extern const struct unpacker unpacker_android_boot;
extern const struct unpacker unpacker_android_sparse;
extern const struct unpacker unpacker_ar;
extern const struct unpacker unpacker_axfs;
extern const struct unpacker unpacker_broadcom;
extern const struct unpacker unpacker_btrfs;
extern const struct unpacker unpacker_byteswapped;
extern const struct unpacker unpacker_hex_records;
extern const struct unpacker unpacker_bzimage;
extern const struct unpacker unpacker_bzip2;
extern const struct unpacker unpacker_cab;
extern const struct unpacker unpacker_cpio;
extern const struct unpacker unpacker_cramfs;
extern const struct unpacker unpacker_devicetree;
extern const struct unpacker unpacker_directory; /* has no magic: the engine names it */
extern const struct unpacker unpacker_dlink_encrypted;
extern const struct unpacker unpacker_dlink_shrs;
extern const struct unpacker unpacker_erofs;
extern const struct unpacker unpacker_esp_image;
extern const struct unpacker unpacker_esp_partitions;
extern const struct unpacker unpacker_exfat;
extern const struct unpacker unpacker_ext;
extern const struct unpacker unpacker_f2fs;
extern const struct unpacker unpacker_fat;
extern const struct unpacker unpacker_fit;
extern const struct unpacker unpacker_fwtool;
extern const struct unpacker unpacker_gpt;
extern const struct unpacker unpacker_gzip;
extern const struct unpacker unpacker_hfs;
extern const struct unpacker unpacker_ingenic;
extern const struct unpacker unpacker_iso9660;
extern const struct unpacker unpacker_jffs2;
extern const struct unpacker unpacker_lha;
extern const struct unpacker unpacker_linksys;
extern const struct unpacker unpacker_linux_image;
extern const struct unpacker unpacker_luks;
extern const struct unpacker unpacker_lvm;
extern const struct unpacker unpacker_lz4;
extern const struct unpacker unpacker_lzma;
extern const struct unpacker unpacker_lzop;
extern const struct unpacker unpacker_mbr;
extern const struct unpacker unpacker_nand_spare;
extern const struct unpacker unpacker_netgear_chk;
extern const struct unpacker unpacker_netgear_dni;
extern const struct unpacker unpacker_nilfs;
extern const struct unpacker unpacker_ntfs;
extern const struct unpacker unpacker_old_cpio;
extern const struct unpacker unpacker_openssl_encrypted;
extern const struct unpacker unpacker_rar;
extern const struct unpacker unpacker_realtek;
extern const struct unpacker unpacker_reiserfs;
extern const struct unpacker unpacker_romfs;
extern const struct unpacker unpacker_safeloader;
extern const struct unpacker unpacker_seama;
extern const struct unpacker unpacker_sevenzip;
extern const struct unpacker unpacker_squashfs;
extern const struct unpacker unpacker_swap;
extern const struct unpacker unpacker_tar;
extern const struct unpacker unpacker_tplink;
extern const struct unpacker unpacker_trx;
extern const struct unpacker unpacker_ubi;
extern const struct unpacker unpacker_ubifs;
extern const struct unpacker unpacker_ubiquiti;
extern const struct unpacker unpacker_uboot_environment;
extern const struct unpacker unpacker_uimage;
extern const struct unpacker unpacker_wrgg;
extern const struct unpacker unpacker_xfs;
extern const struct unpacker unpacker_xiaomi;
extern const struct unpacker unpacker_xz;
extern const struct unpacker unpacker_yaffs2;
extern const struct unpacker unpacker_zimage;
extern const struct unpacker unpacker_zip;
extern const struct unpacker unpacker_zstd;

#endif
