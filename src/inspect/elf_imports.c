/*
 * Functions of libc, OpenSSL, mbed TLS (and PolarSSL), wolfSSL, GnuTLS, nettle,
 * libgcrypt, libsodium and PSA by what they mean for security, from the headers of
 * these libraries; and the wrappers around system() that router vendors share.
 * The names of each class are sorted.
 */
#include "inspect/elf_imports.h"

#include <stdlib.h>

static const char *const command_names[] = {
	"CsteSystem", "_eval", "_xstart", "bs_system", "doSystem", "doSystemCmd", "execl", "execle", "execlp", "execv",
	"execve", "execvp", "execvpe", "popen", "posix_spawn", "posix_spawnp", "system", "tp_systemEx",
	"twsystem", "util_execSystem",
};

static const char *const unsafe_copy_names[] = {
	"__isoc23_scanf", "__isoc99_scanf", "gets", "scanf", "sprintf", "stpcpy", "strcat", "strcpy",
	"vscanf", "vsprintf", "wcscat", "wcscpy",
};

static const char *const weak_cipher_names[] = {
	"AES_ecb_encrypt", "BF_cbc_encrypt", "BF_ecb_encrypt", "BF_set_key", "DES_cbc_encrypt",
	"DES_cfb_encrypt", "DES_ecb3_encrypt", "DES_ecb_encrypt", "DES_ede3_cbc_encrypt",
	"DES_encrypt1", "DES_encrypt2", "DES_key_sched", "DES_ncbc_encrypt", "DES_ofb_encrypt",
	"DES_set_key", "DES_set_key_checked", "DES_set_key_unchecked", "EVP_aes_128_ecb",
	"EVP_aes_192_ecb", "EVP_aes_256_ecb", "EVP_bf_cbc", "EVP_bf_ecb", "EVP_cast5_cbc",
	"EVP_des_cbc", "EVP_des_cfb", "EVP_des_cfb64", "EVP_des_ecb", "EVP_des_ede", "EVP_des_ede3",
	"EVP_des_ede3_cbc", "EVP_des_ede3_ecb", "EVP_des_ofb", "EVP_idea_cbc", "EVP_rc2_40_cbc",
	"EVP_rc2_cbc", "EVP_rc4", "EVP_rc4_40", "RC2_cbc_encrypt", "RC2_set_key", "RC4", "RC4_set_key",
	"arc4_crypt", "arc4_setup", "cbc_crypt", "des_crypt_cbc", "des_crypt_ecb", "des_setkey_enc",
	"des_setparity", "ecb_crypt", "mbedtls_arc4_crypt", "mbedtls_arc4_setup",
	"mbedtls_des3_crypt_cbc", "mbedtls_des3_crypt_ecb", "mbedtls_des_crypt_cbc",
	"mbedtls_des_crypt_ecb", "mbedtls_des_setkey_dec", "mbedtls_des_setkey_enc",
	"nettle_arcfour_crypt", "nettle_arctwo_encrypt", "nettle_des3_encrypt", "nettle_des_encrypt",
	"wc_Arc4Process", "wc_Arc4SetKey", "wc_Des3_CbcEncrypt", "wc_Des3_SetKey", "wc_Des_CbcEncrypt",
	"wc_Des_SetKey",
};

static const char *const weak_hash_names[] = {
	"EVP_md2", "EVP_md4", "EVP_md5", "EVP_sha", "EVP_sha1", "MD2_Init", "MD4", "MD4Final",
	"MD4Init", "MD4Update", "MD4_Final", "MD4_Init", "MD4_Update", "MD5", "MD5Data", "MD5End",
	"MD5Final", "MD5Init", "MD5Update", "MD5_Final", "MD5_Init", "MD5_Update", "SHA", "SHA1",
	"SHA1Final", "SHA1Init", "SHA1Transform", "SHA1Update", "SHA1_Final", "SHA1_Init",
	"SHA1_Update", "SHA_Init", "mbedtls_md2", "mbedtls_md4", "mbedtls_md4_starts", "mbedtls_md5",
	"mbedtls_md5_init", "mbedtls_md5_ret", "mbedtls_md5_starts", "mbedtls_md5_starts_ret",
	"mbedtls_sha1", "mbedtls_sha1_init", "mbedtls_sha1_ret", "mbedtls_sha1_starts",
	"mbedtls_sha1_starts_ret", "md5_append", "md5_finish", "md5_starts", "md5_update",
	"nettle_md4_init", "nettle_md5_init", "nettle_sha1_init", "sha1_finish", "sha1_starts",
	"sha1_update", "wc_InitMd4", "wc_InitMd5", "wc_InitSha", "wc_Md5Final", "wc_Md5Hash",
	"wc_Md5Update", "wc_ShaFinal", "wc_ShaHash", "wc_ShaUpdate",
};

static const char *const weak_random_names[] = {
	"RAND_pseudo_bytes", "drand48", "erand48", "initstate", "jrand48", "lcong48", "lrand48",
	"mrand48", "nrand48", "rand", "rand_r", "random", "random_r", "seed48", "setstate", "srand",
	"srand48", "srandom", "srandom_r",
};

static const char *const strong_random_names[] = {
	"RAND_bytes", "RAND_poll", "RAND_priv_bytes", "RAND_seed", "RAND_status", "arc4random",
	"arc4random_buf", "arc4random_uniform", "ctr_drbg_init", "ctr_drbg_random", "entropy_func",
	"gcry_random_bytes", "gcry_randomize", "getentropy", "getrandom", "gnutls_rnd",
	"mbedtls_ctr_drbg_random", "mbedtls_ctr_drbg_seed", "mbedtls_entropy_func",
	"mbedtls_hmac_drbg_random", "mbedtls_hmac_drbg_seed", "nettle_yarrow256_random",
	"psa_generate_random", "randombytes", "randombytes_buf", "randombytes_random", "wc_InitRng",
	"wc_RNG_GenerateBlock",
};

static const char *const signature_check_names[] = {
	"CMS_verify", "DSA_do_verify", "DSA_verify", "ECDSA_do_verify", "ECDSA_verify",
	"ED25519_verify", "EVP_DigestVerify", "EVP_DigestVerifyFinal", "EVP_DigestVerifyInit",
	"EVP_PKEY_verify", "EVP_PKEY_verify_init", "EVP_PKEY_verify_recover", "EVP_VerifyFinal",
	"EVP_VerifyFinal_ex", "PKCS7_verify", "RSA_public_decrypt", "RSA_verify",
	"RSA_verify_PKCS1_PSS", "RSA_verify_PKCS1_PSS_mgf1", "crypto_sign_ed25519_verify_detached",
	"crypto_sign_open", "crypto_sign_verify_detached", "ed25519_verify", "edsign_verify",
	"gcry_pk_verify", "gnutls_pkcs7_verify", "gnutls_pubkey_verify_data2",
	"gnutls_pubkey_verify_hash2", "gpgme_op_verify", "mbedtls_ecdsa_read_signature",
	"mbedtls_ecdsa_verify", "mbedtls_pk_verify", "mbedtls_pk_verify_ext",
	"mbedtls_rsa_pkcs1_verify", "mbedtls_rsa_rsassa_pkcs1_v15_verify",
	"mbedtls_rsa_rsassa_pss_verify", "nettle_ecdsa_verify", "nettle_ed25519_sha512_verify",
	"nettle_rsa_pkcs1_verify", "nettle_rsa_sha256_verify", "pk_verify", "psa_verify_hash",
	"psa_verify_message", "rsa_pkcs1_verify", "wc_RsaPSS_Verify", "wc_RsaSSL_Verify",
	"wc_SignatureVerify", "wc_ecc_verify_hash", "wc_ed25519_verify_msg",
};

static const char *const tls_names[] = {
	"CyaSSL_CTX_new", "CyaSSL_CTX_set_verify", "CyaSSL_connect", "DTLS_client_method",
	"DTLS_method", "SSL_CTX_load_verify_dir", "SSL_CTX_load_verify_file",
	"SSL_CTX_load_verify_locations", "SSL_CTX_new", "SSL_CTX_set_cert_verify_callback",
	"SSL_CTX_set_default_verify_paths", "SSL_CTX_set_verify", "SSL_accept", "SSL_connect",
	"SSL_get_verify_result", "SSL_new", "SSL_set1_host", "SSL_set_verify", "SSLv23_client_method",
	"SSLv23_method", "SSLv23_server_method", "SSLv2_client_method", "SSLv2_method",
	"SSLv3_client_method", "SSLv3_method", "SSLv3_server_method", "TLS_client_method",
	"TLS_method", "TLS_server_method", "TLSv1_1_client_method", "TLSv1_1_method",
	"TLSv1_2_client_method", "TLSv1_2_method", "TLSv1_client_method", "TLSv1_method",
	"TLSv1_server_method", "X509_VERIFY_PARAM_set1_host", "X509_check_host", "X509_verify_cert",
	"gnutls_certificate_set_verify_function", "gnutls_certificate_set_x509_system_trust",
	"gnutls_certificate_verify_peers2", "gnutls_certificate_verify_peers3", "gnutls_handshake",
	"gnutls_init", "gnutls_session_set_verify_cert", "gnutls_x509_crt_check_hostname",
	"matrixSslNewClientSession", "matrixSslNewServerSession", "matrixSslOpen",
	"mbedtls_ssl_conf_authmode", "mbedtls_ssl_conf_ca_chain", "mbedtls_ssl_get_verify_result",
	"mbedtls_ssl_handshake", "mbedtls_ssl_init", "mbedtls_ssl_set_hostname", "mbedtls_ssl_setup",
	"mbedtls_x509_crt_parse", "mbedtls_x509_crt_verify", "ssl_set_authmode", "ssl_set_ca_chain",
	"wolfSSL_CTX_load_verify_buffer", "wolfSSL_CTX_load_verify_locations", "wolfSSL_CTX_new",
	"wolfSSL_CTX_set_verify", "wolfSSL_check_domain_name", "wolfSSL_connect",
};

static const char *const crypto_names[] = {
	"AES_cbc_encrypt", "AES_ctr128_encrypt", "AES_decrypt", "AES_encrypt", "AES_set_decrypt_key",
	"AES_set_encrypt_key", "DH_compute_key", "DH_generate_key", "ECDH_compute_key", "ECDSA_sign",
	"EVP_CipherInit", "EVP_CipherInit_ex", "EVP_DecryptInit", "EVP_DecryptInit_ex",
	"EVP_DigestInit", "EVP_DigestInit_ex", "EVP_DigestSignInit", "EVP_EncryptInit",
	"EVP_EncryptInit_ex", "EVP_PBE_scrypt", "EVP_PKEY_derive", "EVP_PKEY_sign", "EVP_aes_128_cbc",
	"EVP_aes_128_ctr", "EVP_aes_128_gcm", "EVP_aes_192_cbc", "EVP_aes_256_cbc", "EVP_aes_256_ctr",
	"EVP_aes_256_gcm", "EVP_chacha20_poly1305", "EVP_sha224", "EVP_sha256", "EVP_sha384",
	"EVP_sha512", "HMAC", "HMAC_Init", "HMAC_Init_ex", "PKCS5_PBKDF2_HMAC",
	"PKCS5_PBKDF2_HMAC_SHA1", "RSA_generate_key", "RSA_generate_key_ex", "RSA_new",
	"RSA_private_decrypt", "RSA_private_encrypt", "RSA_public_encrypt", "RSA_sign", "SHA224",
	"SHA256", "SHA256_Final", "SHA256_Init", "SHA256_Update", "SHA384", "SHA512", "SHA512_Init",
	"aes_crypt_cbc", "aes_setkey_dec", "aes_setkey_enc", "crypt", "crypt_r",
	"crypto_aead_chacha20poly1305_ietf_encrypt", "crypto_aead_xchacha20poly1305_ietf_encrypt",
	"crypto_box_easy", "crypto_pwhash", "crypto_secretbox_easy", "gcry_cipher_open",
	"gcry_md_hash_buffer", "gcry_md_open", "gnutls_cipher_init", "gnutls_hash_init",
	"gnutls_hmac_init", "mbedtls_aes_crypt_cbc", "mbedtls_aes_crypt_ctr", "mbedtls_aes_crypt_ecb",
	"mbedtls_aes_init", "mbedtls_aes_setkey_dec", "mbedtls_aes_setkey_enc", "mbedtls_ccm_setkey",
	"mbedtls_chachapoly_encrypt_and_tag", "mbedtls_ecdh_compute_shared",
	"mbedtls_gcm_crypt_and_tag", "mbedtls_gcm_setkey", "mbedtls_md_hmac", "mbedtls_pk_sign",
	"mbedtls_pkcs5_pbkdf2_hmac", "mbedtls_rsa_pkcs1_encrypt", "mbedtls_sha256",
	"mbedtls_sha256_ret", "mbedtls_sha256_starts", "mbedtls_sha512", "nettle_aes128_encrypt",
	"nettle_sha256_init", "psa_aead_encrypt", "psa_cipher_encrypt", "psa_hash_compute",
	"psa_sign_hash", "wc_AesCbcEncrypt", "wc_AesGcmEncrypt", "wc_AesSetKey", "wc_HmacSetKey",
	"wc_PBKDF2", "wc_Sha256Update",
};

static const char *const memory_lock_names[] = {
	"CRYPTO_secure_malloc", "OPENSSL_cleanse", "OPENSSL_secure_malloc", "explicit_bzero",
	"explicit_memset", "gnutls_memset", "mbedtls_platform_zeroize", "memset_s", "mlock", "mlock2",
	"mlockall", "munlock", "sodium_malloc", "sodium_memzero", "sodium_mlock", "wc_ForceZero",
};

static const char *const network_names[] = {
	"accept", "accept4", "bind", "connect", "getaddrinfo", "gethostbyname", "htonl", "htons", "inet_addr",
	"inet_aton", "inet_ntoa", "inet_ntop", "inet_pton", "listen", "ntohs", "recvfrom", "sendto", "socket",
};

struct import_class {
	const char *name;
	const char *const *functions;
	size_t count;
};
#define CLASS(name, functions) { (name), (functions), sizeof(functions) / sizeof *(functions) }

static const struct import_class classes[] = {
	CLASS("command", command_names),
	CLASS("unsafe copy", unsafe_copy_names),
	CLASS("weak cipher", weak_cipher_names),
	CLASS("weak hash", weak_hash_names),
	CLASS("weak random", weak_random_names),
	CLASS("strong random", strong_random_names),
	CLASS("signature check", signature_check_names),
	CLASS("tls", tls_names),
	CLASS("crypto", crypto_names),
	CLASS("memory lock", memory_lock_names),
	CLASS("network", network_names),
};

static int compare_name(const void *key, const void *element)
{
	const struct span *name = key;
	const char *const *function = element;
	return span_compare(*name, span_of_text(*function));
}

const char *elf_import_class(struct span name)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (bsearch(&name, classes[i].functions, classes[i].count, sizeof *classes[i].functions,
			    compare_name))
			return classes[i].name;
	return NULL;
}
