/* Every codec. A new one is one file in this folder and one line here. */
#include "codec/codec.h"

const struct codec codecs[] = {
	{ "deflate", codec_deflate },
	{ "zlib", codec_zlib },
	{ "gzip", codec_gzip },
	{ "lzma", codec_lzma },
	{ "xz", codec_xz },
	{ "lzo", codec_lzo },
	{ "lz4", codec_lz4 },
	{ "zstd", codec_zstd },
	{ "bzip2", codec_bzip2 },
	{ "rtime", codec_rtime },
	{ NULL, NULL },
};

const struct codec_stream codec_streams[] = {
	{ "deflate", codec_stream_deflate },
	{ "zlib", codec_stream_zlib },
	{ "gzip", codec_stream_gzip },
	{ "lzma", codec_stream_lzma },
	{ "xz", codec_stream_xz },
	{ "bzip2", codec_stream_bzip2 },
	{ "zstd", codec_stream_zstd },
	{ "lz4", codec_stream_lz4 },
	{ "lzop", codec_stream_lzop },
	{ NULL, NULL },
};
