/*
 * From the kernel's Kbuild files: folders that are built only under one option, in
 * every version since 2.6.12 in which they exist.
 */
#include "vuln/kernel_source.h"

static const struct {
	const char *prefix, *option;
} folders[] = {
	{ "arch/alpha/", "ALPHA" },
	{ "arch/arc/", "ARC" },
	{ "arch/arm/kernel/", "ARM" },
	{ "arch/arm/mach-", "ARM" },
	{ "arch/arm/mm/", "ARM" },
	{ "arch/arm64/", "ARM64" },
	{ "arch/csky/", "CSKY" },
	{ "arch/hexagon/", "HEXAGON" },
	{ "arch/ia64/", "IA64" },
	{ "arch/loongarch/", "LOONGARCH" },
	{ "arch/m68k/", "M68K" },
	{ "arch/mips/", "MIPS" },
	{ "arch/openrisc/", "OPENRISC" },
	{ "arch/parisc/", "PARISC" },
	{ "arch/powerpc/", "PPC" },
	{ "arch/riscv/", "RISCV" },
	{ "arch/s390/", "S390" },
	{ "arch/sparc/", "SPARC" },
	{ "arch/x86/", "X86" },
	{ "arch/xtensa/", "XTENSA" },
	{ "drivers/accel/", "DRM_ACCEL" },
	{ "drivers/android/binder", "ANDROID_BINDER_IPC" },
	{ "drivers/bluetooth/", "BT" },
	{ "drivers/gpu/drm/amd/", "DRM_AMDGPU" },
	{ "drivers/gpu/drm/i915/", "DRM_I915" },
	{ "drivers/gpu/drm/nouveau/", "DRM_NOUVEAU" },
	{ "drivers/gpu/drm/radeon/", "DRM_RADEON" },
	{ "drivers/gpu/drm/vmwgfx/", "DRM_VMWGFX" },
	{ "drivers/gpu/drm/xe/", "DRM_XE" },
	{ "drivers/hid/", "HID" },
	{ "drivers/iio/", "IIO" },
	{ "drivers/infiniband/", "INFINIBAND" },
	{ "drivers/md/", "MD" },
	{ "drivers/net/ethernet/intel/i40e/", "I40E" },
	{ "drivers/net/ethernet/intel/ice/", "ICE" },
	{ "drivers/net/ethernet/mellanox/mlx5/", "MLX5_CORE" },
	{ "drivers/net/ethernet/mellanox/mlxsw/", "MLXSW_CORE" },
	{ "drivers/net/wireless/ath/ath10k/", "ATH10K" },
	{ "drivers/net/wireless/ath/ath11k/", "ATH11K" },
	{ "drivers/net/wireless/ath/ath12k/", "ATH12K" },
	{ "drivers/net/wireless/intel/iwlwifi/", "IWLWIFI" },
	{ "drivers/net/wireless/realtek/rtw88/", "RTW88" },
	{ "drivers/net/wireless/realtek/rtw89/", "RTW89" },
	{ "drivers/usb/gadget/", "USB_GADGET" },
	{ "drivers/usb/typec/", "TYPEC" },
	{ "drivers/vfio/", "VFIO" },
	{ "fs/bcachefs/", "BCACHEFS_FS" },
	{ "fs/btrfs/", "BTRFS_FS" },
	{ "fs/ceph/", "CEPH_FS" },
	{ "fs/cifs/", "CIFS" },
	{ "fs/erofs/", "EROFS_FS" },
	{ "fs/exfat/", "EXFAT_FS" },
	{ "fs/f2fs/", "F2FS_FS" },
	{ "fs/gfs2/", "GFS2_FS" },
	{ "fs/hfs/", "HFS_FS" },
	{ "fs/hfsplus/", "HFSPLUS_FS" },
	{ "fs/jffs2/", "JFFS2_FS" },
	{ "fs/jfs/", "JFS_FS" },
	{ "fs/ksmbd/", "SMB_SERVER" },
	{ "fs/nfsd/", "NFSD" },
	{ "fs/nilfs2/", "NILFS2_FS" },
	{ "fs/ntfs3/", "NTFS3_FS" },
	{ "fs/ocfs2/", "OCFS2_FS" },
	{ "fs/orangefs/", "ORANGEFS_FS" },
	{ "fs/overlayfs/", "OVERLAY_FS" },
	{ "fs/reiserfs/", "REISERFS_FS" },
	{ "fs/smb/client/", "CIFS" },
	{ "fs/smb/server/", "SMB_SERVER" },
	{ "fs/squashfs/", "SQUASHFS" },
	{ "fs/ubifs/", "UBIFS_FS" },
	{ "fs/udf/", "UDF_FS" },
	{ "fs/xfs/", "XFS_FS" },
	/* Headers of a subsystem alone: what stands in them is built with it. */
	{ "include/linux/ceph/", "CEPH_LIB" },
	{ "include/linux/device-mapper.h", "MD" },
	{ "include/linux/hid", "HID" },
	{ "include/linux/iio/", "IIO" },
	{ "include/linux/mlx5/", "MLX5_CORE" },
	{ "include/linux/usb/gadget.h", "USB_GADGET" },
	{ "include/linux/usb/typec", "TYPEC" },
	{ "include/linux/vfio", "VFIO" },
	{ "include/linux/virtio_vsock.h", "VSOCKETS" },
	{ "include/net/af_vsock.h", "VSOCKETS" },
	{ "include/net/bluetooth/", "BT" },
	{ "include/net/cfg80211.h", "CFG80211" },
	{ "include/net/ip_vs.h", "IP_VS" },
	{ "include/net/mac80211.h", "MAC80211" },
	{ "include/net/mptcp.h", "MPTCP" },
	{ "include/net/netfilter/nf_tables", "NF_TABLES" },
	{ "include/net/nfc/", "NFC" },
	{ "include/net/sctp/", "IP_SCTP" },
	{ "include/net/smc.h", "SMC" },
	{ "include/net/tls.h", "TLS" },
	{ "include/rdma/", "INFINIBAND" },
	{ "include/sound/", "SOUND" },
	{ "include/trace/events/btrfs.h", "BTRFS_FS" },
	{ "include/trace/events/f2fs.h", "F2FS_FS" },
	{ "include/trace/events/rxrpc.h", "AF_RXRPC" },
	{ "include/uapi/rdma/", "INFINIBAND" },
	{ "include/uapi/sound/", "SOUND" },
	{ "net/batman-adv/", "BATMAN_ADV" },
	{ "net/bluetooth/", "BT" },
	{ "net/ceph/", "CEPH_LIB" },
	{ "net/dccp/", "IP_DCCP" },
	{ "net/ipv6/netfilter/", "NETFILTER" },
	{ "net/mac80211/", "MAC80211" },
	{ "net/mptcp/", "MPTCP" },
	{ "net/netfilter/ipvs/", "IP_VS" },
	{ "net/netfilter/nf_tables", "NF_TABLES" },
	{ "net/nfc/", "NFC" },
	{ "net/openvswitch/", "OPENVSWITCH" },
	{ "net/rds/", "RDS" },
	{ "net/rxrpc/", "AF_RXRPC" },
	{ "net/sctp/", "IP_SCTP" },
	{ "net/smc/", "SMC" },
	{ "net/tipc/", "TIPC" },
	{ "net/tls/", "TLS" },
	{ "net/vmw_vsock/", "VSOCKETS" },
	{ "net/wireless/", "CFG80211" },
	{ "sound/", "SOUND" },
};

const char *kernel_source_option(struct span path)
{
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (span_starts_text(path, folders[i].prefix))
			return folders[i].option;
	return NULL;
}

static bool holds_word(struct span words, struct span word)
{
	struct span one;
	while (span_next_word(&words, &one))
		if (span_equal(one, word))
			return true;
	return false;
}

struct span kernel_source_options(struct span files, struct arena *arena)
{
	struct span options = SPAN_NONE, path;
	while (span_next_word(&files, &path)) {
		const char *option = kernel_source_option(path);
		if (!option)
			return SPAN_NONE;
		if (!holds_word(options, span_of_text(option)))
			options = arena_format(arena, "%.*s%s%s", SPAN_FORMAT(options), options.size ? " " : "", option);
	}
	return options;
}
