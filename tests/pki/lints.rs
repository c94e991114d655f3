//! What zlint and pkilint say of certificates, and this package already of the request: for each of their rules that a request
//! can trip, one that does. The tables in `docs/pki.md` are written from here.

use std::fmt::Write as _;

use crate::{
    rules::{
        address, also, codes, country, exponent, key_of, key_usage, modulus, named, on_curve, purposes, rsa, subject,
        with_bits,
    },
    support::{
        builder::*,
        der::{integer, oid, seq, tlv, unsigned},
    },
};

/// What becomes of a rule of theirs.
enum Here {
    /// It is found, under this code.
    Found(&'static str),
    /// It is not, for this reason.
    Missed(&'static str),
}
use Here::{Found, Missed};

struct Lint(&'static str, Csr, Here);

/// Why what concerns the certificate alone is no concern of the request's.
const FLAG: &str = "the certificate authority decides what is critical";
const ORGANIZATION: &str = "it comes from the order's organization, not from the request";
const ORDERED: &str = "the certificate authority writes the subject in its own order";

fn country_of(string: u8) -> Csr {
    csr().subject(&[&[attribute("2.5.4.6", string, "US")], &[common_name("example.com")]])
}

fn long(kind: &str, length: usize) -> Csr {
    subject(kind, &"x".repeat(length))
}

/// An attribute of the extensions in a request that the certificate authority fills in itself.
fn set_by_authority(kind: &str) -> Csr {
    csr().extension(kind, &seq(&[]))
}

fn critical(kind: &str, value: &[u8]) -> Csr {
    csr().extension_of(&[&oid(kind), &[1, 1, 0xff], &tlv(4, &[value])])
}

fn dv(kind: &str) -> Csr {
    subject(kind, "x").cert_type("SSL_DV_GEOTRUST")
}

fn fermat() -> Csr {
    let root = modulus().sqrt();
    rsa(&(&root * (&root + 60_u8)))
}

const SERVER: &str = "1.3.6.1.5.5.7.3.1";
const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";

#[rustfmt::skip]
#[allow(clippy::too_many_lines, reason = "a table")]
fn zlint() -> Vec<Lint> {
    let directory = seq(&[&tlv(0x31, &[&common_name("x")])]);
    let upn = seq(&[&oid("1.3.6.1.4.1.311.20.2.3"), &tlv(0xa0, &[&tlv(UTF8, &[b"a"])])]);
    let reserved = || csr().subject(&[&[common_name("10.0.0.1")]]);
    let uri = |text: &str| also(tlv(0x86, &[text.as_bytes()]));
    let negative = || csr().key(spki(&[&oid(RSA), &[5, 0]], &seq(&[&unsigned(&modulus().to_bytes_be()), &integer(&[0xff])])));
    let ev = |csr: Csr| csr.cert_type("SSL_EV_BASIC");
    vec![
        Lint("arpa_domain_not_allowed", named("1.0.0.127.in-addr.arpa"), Found("dns_reverse_zone")),
        Lint("cab_dv_conflicts_with_locality", dv("2.5.4.7"), Found("dv_ignores_subject")),
        Lint("cab_dv_conflicts_with_org", dv("2.5.4.10"), Found("dv_ignores_subject")),
        Lint("cab_dv_conflicts_with_postal", dv("2.5.4.17"), Found("dv_ignores_subject")),
        Lint("cab_dv_conflicts_with_province", dv("2.5.4.8"), Found("dv_ignores_subject")),
        Lint("cab_dv_conflicts_with_street", dv("2.5.4.9"), Found("dv_ignores_subject")),
        Lint("cab_dv_subject_invalid_values", dv("2.5.4.42"), Found("dv_ignores_subject")),
        Lint("dnsname_bad_character_in_label", named("a!b.com"), Found("dns_not_ldh")),
        Lint("dnsname_check_left_label_wildcard", named("w*.a.com"), Found("wildcard_partial")),
        Lint("dnsname_contains_bare_iana_suffix", named("com"), Found("dns_single_label")),
        Lint("dnsname_contains_empty_label", named("a..com"), Found("dns_empty_label")),
        Lint("dnsname_contains_prohibited_reserved_label", named("ab--c.com"), Found("dns_reserved_label")),
        Lint("dnsname_hyphen_in_sld", named("-a.com"), Found("dns_hyphen")),
        Lint("dnsname_label_too_long", named(&format!("{}.com", "a".repeat(64))), Found("dns_label_too_long")),
        Lint("dnsname_right_label_valid_tld", named("srv.mycompany"), Found("dns_unknown_tld")),
        Lint("dnsname_underscore_in_sld", named("a_b.com"), Found("dns_underscore")),
        Lint("dnsname_underscore_in_trd", named("a_b.c.com"), Found("dns_underscore")),
        Lint("no_underscores_before_1_6_2", named("a_c.com"), Found("dns_underscore")),
        Lint("underscore_not_permissible_in_dnsname", named("a_d.com"), Found("dns_underscore")),
        Lint("underscore_permissible_in_dnsname_if_valid_when_replaced", named("_a.com"), Found("dns_underscore")),
        Lint("dnsname_wildcard_left_of_public_suffix", named("*.co.uk"), Found("wildcard_on_suffix")),
        Lint("dnsname_wildcard_only_in_left_label", named("a.*.com"), Found("wildcard_partial")),
        Lint("prohibit_dsa_usage", key_of("1.2.840.10040.4.1"), Found("key_dsa")),
        Lint("dsa_shorter_than_2048_bits", key_of("1.2.840.10040.4.1"), Found("key_dsa")),
        Lint("dsa_improper_modulus_or_divisor_size", key_of("1.2.840.10040.4.1"), Found("key_dsa")),
        Lint("dsa_unique_correct_representation", key_of("1.2.840.10040.4.1"), Found("key_dsa")),
        Lint("dsa_correct_order_in_subgroup", key_of("1.2.840.10040.4.1"), Found("key_dsa")),
        Lint("dh_params_missing", key_of("1.2.840.10040.4.1"), Found("key_dsa")),
        Lint("duplicate_subject_attribs", subject("2.5.4.10", "Another Inc."), Found("subject_several")),
        Lint("ec_improper_curves", on_curve("1.3.132.0.10", 32), Found("ec_curve_not_allowed")),
        Lint("ecc_allowed_key_usages", key_usage(&[5, 0xa0]), Found("key_usage_unfit")),
        Lint("ecc_key_usage_keyagreement_present", key_usage(&[3, 0x88]), Missed("the Baseline Requirements allow it (7.1.2.7.11)")),
        Lint("eku_critical", critical("2.5.29.37", &seq(&[&oid(SERVER)])), Missed(FLAG)),
        Lint("ext_san_contains_reserved_ip", address(&[10, 0, 0, 1]), Found("ip_reserved")),
        Lint("ext_san_critical_with_subject_dn", Csr { extensions: Vec::new(), ..csr() }.extension_of(&[&oid("2.5.29.17"), &[1, 1, 0xff], &tlv(4, &[&seq(&[&dns("example.com")])])]), Missed(FLAG)),
        Lint("ext_san_directory_name_present", also(tlv(0xa4, &[&directory])), Found("san_directory_name")),
        Lint("ext_san_edi_party_name_present", also(tlv(0xa5, &[&[]])), Found("san_unusual_kind")),
        Lint("ext_san_missing", Csr { extensions: Vec::new(), ..csr() }, Found("cn_only")),
        Lint("ext_san_other_name_present", also(tlv(0xa0, &[&upn[2..]])), Found("san_other_name")),
        Lint("ext_san_registered_id_present", also(tlv(0x88, &[&[42, 3]])), Found("san_registered_id")),
        Lint("ext_san_rfc822_name_present", also(tlv(0x81, &[b"a@example.com"])), Found("san_email")),
        Lint("ext_san_uniform_resource_identifier_present", uri("https://example.com"), Found("san_uri")),
        Lint("ext_subject_key_identifier_not_recommended_subscriber", csr().extension("2.5.29.14", &tlv(4, &[&[1]])), Missed("the certificate authority computes it, if it wants one")),
        Lint("ext_tor_service_descriptor_hash_invalid", named("abc.onion"), Found("dns_onion_invalid")),
        Lint("san_dns_name_onion_invalid", named("abc.onion"), Found("dns_onion_invalid")),
        Lint("san_dns_name_onion_not_ev_cert", named("abc.onion"), Found("dns_onion")),
        Lint("extra_subject_common_names", csr().with(common_name("www.example.com")), Found("cn_several")),
        Lint("invalid_subject_rdn_order", csr().subject(&[&[common_name("example.com")], &[attribute("2.5.4.6", PRINTABLE, "US")]]), Missed(ORDERED)),
        Lint("organizational_unit_name_prohibited", subject("2.5.4.11", "QA"), Found("organizational_unit")),
        Lint("subject_contains_organizational_unit_name_and_no_organization_name", csr().subject(&[&[attribute("2.5.4.11", UTF8, "QA")], &[common_name("example.com")]]), Found("organizational_unit")),
        Lint("public_key_type_not_allowed", key_of("1.3.101.112"), Found("key_eddsa")),
        Lint("rsa_mod_factors_smaller_than_752_bits", rsa(&((modulus() / 751_u16) * 751_u16)), Found("rsa_small_factor")),
        Lint("rsa_mod_less_than_2048_bits", with_bits(2040), Found("rsa_too_small")),
        Lint("old_sub_cert_rsa_mod_less_than_1024_bits", with_bits(1016), Found("rsa_too_small")),
        Lint("rsa_mod_not_odd", rsa(&(modulus() + 1_u8)), Found("rsa_modulus_even")),
        Lint("rsa_public_exponent_not_in_range", exponent(&[3]), Found("rsa_exponent_out_of_range")),
        Lint("rsa_public_exponent_not_odd", exponent(&[1, 0, 0]), Found("rsa_exponent_invalid")),
        Lint("rsa_public_exponent_too_small", exponent(&[1]), Found("rsa_exponent_invalid")),
        Lint("signature_algorithm_not_supported", rsa(&modulus()).signed_with("1.2.840.113549.1.1.4"), Found("signature_hash_broken")),
        Lint("state_or_province_name_must_not_contain_control_characters", subject("2.5.4.8", "a\u{7}b"), Found("subject_control_character")),
        Lint("sub_cert_eku_extra_values", purposes(&[SERVER, CODE_SIGNING]), Found("purpose_not_tls")),
        Lint("sub_cert_eku_server_auth_client_auth_missing", purposes(&[CODE_SIGNING]), Found("purpose_not_tls")),
        Lint("sub_cert_eku_check", purposes(&[CODE_SIGNING]), Found("purpose_not_tls")),
        Lint("sub_cert_is_ca", csr().extension("2.5.29.19", &seq(&[&[1, 1, 0xff]])), Found("ca_requested")),
        Lint("sub_cert_key_usage_cert_sign_bit_set", key_usage(&[2, 0x84]), Found("key_cert_sign")),
        Lint("sub_cert_key_usage_crl_sign_bit_set", key_usage(&[1, 0x82]), Found("crl_sign")),
        Lint("sub_cert_or_sub_ca_using_sha1", rsa(&modulus()).signed_with("1.2.840.113549.1.1.5"), Found("signature_sha1")),
        Lint("sub_cert_country_name_must_appear", csr().subject(&[&[attribute("2.5.4.10", UTF8, "Example Inc.")], &[common_name("example.com")]]), Missed(ORGANIZATION)),
        Lint("sub_cert_locality_name_must_appear", csr(), Missed(ORGANIZATION)),
        Lint("sub_cert_province_must_appear", csr(), Missed(ORGANIZATION)),
        Lint("sub_cert_basic_constraints_not_critical", csr().extension("2.5.29.19", &seq(&[])), Missed(FLAG)),
        Lint("sub_cert_aia_marked_critical", set_by_authority("1.3.6.1.5.5.7.1.1"), Found("ca_sets_extension")),
        Lint("sub_cert_certificate_policies_marked_critical", set_by_authority("2.5.29.32"), Found("ca_sets_extension")),
        Lint("sub_cert_crl_distribution_points_marked_critical", set_by_authority("2.5.29.31"), Found("ca_sets_extension")),
        Lint("ext_name_constraints_not_in_ca", set_by_authority("2.5.29.30"), Found("ca_sets_extension")),
        Lint("ext_authority_key_identifier_critical", set_by_authority("2.5.29.35"), Found("ca_sets_extension")),
        Lint("subject_common_name_included", csr(), Missed("nearly every request has one, and every certificate authority takes it")),
        Lint("subject_common_name_not_from_san", csr().names(&[dns("www.example.com")]), Found("cn_not_in_san")),
        Lint("subject_common_name_not_exactly_from_san", csr().subject(&[&[common_name("EXAMPLE.com")]]), Missed("names are the same in every case, and the certificate authority writes them")),
        Lint("subject_contains_malformed_arpa_ip", csr().subject(&[&[common_name("300.in-addr.arpa")]]), Found("dns_reverse_zone")),
        Lint("subject_contains_reserved_arpa_ip", csr().subject(&[&[common_name("1.0.0.10.in-addr.arpa")]]), Found("dns_reverse_zone")),
        Lint("subject_contains_noninformational_value", subject("2.5.4.8", "-"), Found("subject_placeholder")),
        Lint("subject_contains_reserved_ip", reserved(), Found("ip_reserved")),
        Lint("subject_country_not_iso", country("ZZ"), Found("country_invalid")),
        Lint("subject_public_key_info_improper_algorithm_object_identifier_encoding", csr().key(spki(&[&oid(RSA)], &seq(&[&unsigned(&modulus().to_bytes_be()), &integer(&[1, 0, 1])]))), Found("key_parameters_unfit")),
        Lint("subject_rdns_correct_encoding", country_of(UTF8), Found("subject_string_type")),
        Lint("ev_not_wildcard", ev(named("*.a.com")), Found("ev_wildcard")),
        Lint("ev_san_ip_address_present", ev(address(&[8, 8, 8, 8])), Found("ev_ip_address")),
        Lint("ev_business_category_missing", ev(csr()), Missed(ORGANIZATION)),
        Lint("ev_country_name_missing", ev(csr().subject(&[&[common_name("example.com")]])), Missed(ORGANIZATION)),
        Lint("ev_organization_name_missing", ev(csr().subject(&[&[common_name("example.com")]])), Missed(ORGANIZATION)),
        Lint("ev_serial_number_missing", ev(csr()), Missed(ORGANIZATION)),
        Lint("ev_invalid_business_category", ev(subject("2.5.4.15", "Company")), Found("business_category_invalid")),
        Lint("invalid_orgid_reg_scheme", ev(subject("2.5.4.97", "XYZUS-1")), Missed(ORGANIZATION)),
        Lint("client_auth_not_allowed", purposes(&[SERVER, CLIENT]), Found("purpose_client_auth")),
        Lint("is_redacted_cert", named("?.example.com"), Found("dns_not_ldh")),
        Lint("rsa_exp_negative", negative(), Found("rsa_negative")),
        Lint("rsa_fermat_factorization", fermat(), Found("rsa_close_primes")),
        Lint("rsa_no_public_key", csr().key(spki(&[&oid(RSA), &[5, 0]], &[1, 2])), Found("key_malformed")),
        Lint("san_bare_wildcard", named("*"), Found("wildcard_bare")),
        Lint("san_dns_name_duplicate", named("Example.com"), Found("san_duplicate")),
        Lint("san_dns_name_includes_null_char", named("a\0b.com"), Found("dns_not_ldh")),
        Lint("san_dns_name_starts_with_period", named(".a.com"), Found("dns_empty_label")),
        Lint("san_iana_pub_suffix_empty", named("co.uk"), Found("dns_public_suffix")),
        Lint("san_wildcard_not_first", named("a.*.b.com"), Found("wildcard_partial")),
        Lint("subj_contains_html_entities", subject("2.5.4.7", "A &amp; B"), Found("subject_html")),
        Lint("subj_country_not_uppercase", country("us"), Found("country_invalid")),
        Lint("subject_dn_leading_whitespace", subject("2.5.4.7", " Boise"), Found("subject_white_space")),
        Lint("subject_dn_trailing_whitespace", subject("2.5.4.7", "Boise "), Found("subject_white_space")),
        Lint("subject_multiple_rdn", csr().subject(&[&[common_name("example.com"), attribute("2.5.4.10", UTF8, "x")]]), Found("subject_multi_valued")),
        Lint("utf8_latin1_mixup", subject("2.5.4.7", "M\u{c3}\u{bc}nchen"), Found("subject_mojibake")),
        Lint("e_prohibit_dsa_usage", key_of("1.2.840.10040.4.1"), Found("key_dsa")),
        Lint("mp_allowed_eku", purposes(&["2.5.29.37.0"]), Found("purpose_not_tls")),
        Lint("mp_ecdsa_pub_key_encoding_correct", csr().key(spki(&[&oid(EC)], &hex(POINT))), Found("ec_curve_missing")),
        Lint("mp_exponent_cannot_be_one", exponent(&[1]), Found("rsa_exponent_invalid")),
        Lint("mp_modulus_must_be_2048_bits_or_more", with_bits(1024), Found("rsa_too_small")),
        Lint("mp_modulus_must_be_divisible_by_8", with_bits(2047), Found("rsa_bits_not_octets")),
        Lint("mp_rsassa-pss_in_spki", csr().key(spki(&[&oid("1.2.840.113549.1.1.10")], &seq(&[&unsigned(&modulus().to_bytes_be()), &integer(&[1, 0, 1])]))), Found("key_rsa_pss")),
        Lint("mp_ecdsa_signature_encoding_correct", csr().signed_with("1.2.840.10045.4.3.3"), Missed("the certificate authority signs the certificate; any sound hash will do for a request")),
        Lint("basic_constr_invalid_der", csr().extension("2.5.29.19", &[4, 0]), Found("extension_malformed")),
        Lint("cert_ext_invalid_der", csr().extension("2.5.29.19", &[0x30, 0x81, 3, 1, 1, 0xff]), Found("not_der")),
        Lint("ecdsa_allowed_ku", key_usage(&[4, 0x90]), Found("key_usage_unfit")),
        Lint("ecdsa_ee_invalid_ku", key_usage(&[5, 0x20]), Found("key_usage_unfit")),
        Lint("ext_duplicate_extension", csr().extension("2.5.29.17", &seq(&[&dns("b.com")])), Found("duplicate_extension")),
        Lint("ext_key_usage_cert_sign_without_ca", key_usage(&[2, 0x04]), Found("key_cert_sign")),
        Lint("ext_key_usage_not_critical", key_usage(&[7, 0x80]), Missed(FLAG)),
        Lint("ext_san_dns_name_too_long", named(&format!("{}com", "a.".repeat(126))), Found("dns_too_long")),
        Lint("ext_san_dns_not_ia5_string", named("b\u{fc}cher.com"), Found("dns_not_ascii")),
        Lint("ext_san_empty_name", named(""), Found("dns_empty_label")),
        Lint("ext_san_no_entries", Csr { extensions: Vec::new(), ..csr() }.extension("2.5.29.17", &seq(&[])), Found("cn_only")),
        Lint("ext_san_not_critical_without_subject", csr().subject(&[]), Missed(FLAG)),
        Lint("ext_san_rfc822_format_invalid", also(tlv(0x81, &[b"a"])), Found("san_email")),
        Lint("ext_san_space_dns_name", named(" "), Found("dns_not_ldh")),
        Lint("ext_san_uri_format_invalid", uri("::"), Found("san_uri")),
        Lint("ext_san_uri_host_not_fqdn_or_ip", uri("https://a"), Found("san_uri")),
        Lint("ext_san_uri_not_ia5", uri("https://b\u{fc}cher.com"), Found("san_uri")),
        Lint("ext_san_uri_relative", uri("/a"), Found("san_uri")),
        Lint("ext_subject_key_identifier_critical", critical("2.5.29.14", &tlv(4, &[&[1]])), Missed(FLAG)),
        Lint("idn_dnsname_malformed_unicode", named("xn--99999999999.com"), Found("dns_punycode_invalid")),
        Lint("idn_dnsname_must_be_nfc", named("xn--bucher-xyd.com"), Found("dns_not_nfc")),
        Lint("incorrect_ku_encoding", key_usage(&[5, 0xa1]), Found("not_der")),
        Lint("superfluous_ku_encoding", key_usage(&[4, 0xa0]), Found("key_usage_not_der")),
        Lint("rsa_allowed_ku_ee", rsa(&modulus()).extension("2.5.29.15", &tlv(3, &[&[3, 0x08]])), Found("key_usage_unfit")),
        Lint("spki_rsa_encryption_parameter_not_null", csr().key(spki(&[&oid(RSA)], &seq(&[&unsigned(&modulus().to_bytes_be()), &integer(&[1, 0, 1])]))), Found("key_parameters_unfit")),
        Lint("subj_email_not_in_san", csr().with(attribute("1.2.840.113549.1.9.1", IA5, "a@example.com")), Found("subject_email")),
        Lint("subject_common_name_max_length", csr().common_name(&format!("{}.{}.com", "a".repeat(30), "b".repeat(30))), Found("cn_too_long")),
        Lint("subject_dn_country_not_printable_string", country_of(UTF8), Found("subject_string_type")),
        Lint("subject_dn_not_printable_characters", subject("2.5.4.7", "a\u{1}b"), Found("subject_control_character")),
        Lint("subject_dn_serial_number_max_length", csr().with(attribute("2.5.4.5", PRINTABLE, &"1".repeat(65))), Found("subject_too_long")),
        Lint("subject_dn_serial_number_not_printable_string", subject("2.5.4.5", "1"), Found("subject_string_type")),
        Lint("subject_email_max_length", csr().with(attribute("1.2.840.113549.1.9.1", IA5, &"a".repeat(256))), Found("subject_too_long")),
        Lint("subject_empty_without_san", Csr { extensions: Vec::new(), ..csr().subject(&[]) }, Found("no_names")),
        Lint("subject_given_name_max_length", long("2.5.4.42", 32_769), Found("subject_too_long")),
        Lint("subject_surname_max_length", long("2.5.4.4", 32_769), Found("subject_too_long")),
        Lint("subject_given_name_recommended_max_length", long("2.5.4.42", 65), Found("subject_too_long")),
        Lint("subject_surname_recommended_max_length", long("2.5.4.4", 65), Found("subject_too_long")),
        Lint("subject_locality_name_max_length", long("2.5.4.7", 129), Found("subject_too_long")),
        Lint("subject_organization_name_max_length", long("2.5.4.10", 65), Found("subject_too_long")),
        Lint("subject_organizational_unit_name_max_length", long("2.5.4.11", 65), Found("subject_too_long")),
        Lint("subject_postal_code_max_length", long("2.5.4.17", 41), Found("subject_too_long")),
        Lint("subject_state_name_max_length", long("2.5.4.8", 129), Found("subject_too_long")),
        Lint("subject_street_address_max_length", long("2.5.4.9", 129), Found("subject_too_long")),
        Lint("subject_printable_string_badalpha", csr().with(attribute("2.5.4.7", PRINTABLE, "a*b")), Found("subject_not_printable")),
        Lint("path_len_constraint_improperly_included", csr().extension("2.5.29.19", &seq(&[&integer(&[1])])), Missed("the certificate authority writes basicConstraints itself")),
        Lint("key_usage_and_extended_key_usage_inconsistent", key_usage(&[7, 0x80]).extension("2.5.29.37", &seq(&[&oid(SERVER)])), Missed("what does not go with TLS is found by itself")),
    ]
}

#[rustfmt::skip]
fn pkilint() -> Vec<Lint> {
    let ev = |csr: Csr| csr.cert_type("SSL_EV_BASIC");
    let uri = |text: &str| also(tlv(0x86, &[text.as_bytes()]));
    vec![
        Lint("cabf.ecdsa_key_validation_failed", csr().key(ec_key(P256, &{ let mut point = hex(POINT); point[64] ^= 1; point })), Found("ec_point_invalid")),
        Lint("cabf.ev_guidelines.ev_wildcard_san_present", ev(named("*.a.com")), Found("ev_wildcard")),
        Lint("cabf.ev_guidelines.prohibited_san_type", ev(address(&[8, 8, 8, 8])), Found("ev_ip_address")),
        Lint("cabf.ev_guidelines.invalid_business_category", ev(subject("2.5.4.15", "Company")), Found("business_category_invalid")),
        Lint("cabf.ev_guidelines.jurisdiction_locality_present_stateprovince_missing", ev(subject("1.3.6.1.4.1.311.60.2.1.1", "Boise")), Missed(ORGANIZATION)),
        Lint("cabf.insignificant_attribute_value_present", subject("2.5.4.8", "-"), Found("subject_placeholder")),
        Lint("cabf.internal_domain_name", named("a.mycompany"), Found("dns_unknown_tld")),
        Lint("cabf.internal_ip_address", address(&[10, 0, 0, 1]), Found("ip_reserved")),
        Lint("cabf.invalid_country_code", country("ZZ"), Found("country_invalid")),
        Lint("cabf.invalid_organization_identifier_registration_scheme", subject("2.5.4.97", "XYZUS-1"), Missed(ORGANIZATION)),
        Lint("cabf.invalid_subject_organization_identifier_format", subject("2.5.4.97", "1"), Missed(ORGANIZATION)),
        Lint("cabf.name.attribute_value_contains_html_entity", subject("2.5.4.7", "A &amp; B"), Found("subject_html")),
        Lint("cabf.rdn_contains_multiple_atvs", csr().subject(&[&[common_name("example.com"), attribute("2.5.4.10", UTF8, "x")]]), Found("subject_multi_valued")),
        Lint("cabf.rsa_exponent_not_in_recommended_range", exponent(&[3]), Found("rsa_exponent_out_of_range")),
        Lint("cabf.rsa_exponent_prohibited_value", exponent(&[1]), Found("rsa_exponent_invalid")),
        Lint("cabf.rsa_modulus_has_small_prime_factor", rsa(&((modulus() / 751_u16) * 751_u16)), Found("rsa_small_factor")),
        Lint("cabf.rsa_modulus_invalid_length", with_bits(2047), Found("rsa_bits_not_octets")),
        Lint("cabf.serverauth.attribute_value_invalid_encoding_type", country_of(UTF8), Found("subject_string_type")),
        Lint("cabf.serverauth.dnsname_contains_prohibited_reserved_label", named("ab--c.com"), Found("dns_reserved_label")),
        Lint("cabf.serverauth.domain_component_attribute_value_length_too_long", csr().with(attribute("0.9.2342.19200300.100.1.25", IA5, &"a".repeat(64))), Found("subject_too_long")),
        Lint("cabf.serverauth.invalid_dnsname_syntax", named("a b.com"), Found("dns_not_ldh")),
        Lint("cabf.serverauth.invalid_jurisdiction_country_code", csr().with(attribute("1.3.6.1.4.1.311.60.2.1.3", PRINTABLE, "ZZ")), Found("country_invalid")),
        Lint("cabf.serverauth.invalid_plabel_encoding", named("xn--99999999999.com"), Found("dns_punycode_invalid")),
        Lint("cabf.serverauth.invalid_rdn_order", csr().subject(&[&[common_name("example.com")], &[attribute("2.5.4.6", PRINTABLE, "US")]]), Missed(ORDERED)),
        Lint("cabf.serverauth.invalid_tor_v3_domain_name", named("abc.onion"), Found("dns_onion_invalid")),
        Lint("cabf.serverauth.ip_reverse_zone_domain_name_present", named("1.0.0.127.in-addr.arpa"), Found("dns_reverse_zone")),
        Lint("cabf.serverauth.name_attribute_value_too_long", long("2.5.4.10", 65), Found("subject_too_long")),
        Lint("cabf.serverauth.prohibited_duplicate_attribute_type", subject("2.5.4.10", "Another Inc."), Found("subject_several")),
        Lint("cabf.serverauth.prohibited_san_type", uri("https://example.com"), Found("san_uri")),
        Lint("cabf.serverauth.prohibited_signature_algorithm_encoding", csr().signed_with("1.2.840.10045.2.1"), Found("signature_algorithm_unknown")),
        Lint("cabf.serverauth.prohibited_subject_public_key_algorithm_encoding", csr().key(spki(&[&oid(RSA)], &seq(&[&unsigned(&modulus().to_bytes_be()), &integer(&[1, 0, 1])]))), Found("key_parameters_unfit")),
        Lint("cabf.serverauth.subscriber_basic_constraints_ca_bit_set", csr().extension("2.5.29.19", &seq(&[&[1, 1, 0xff]])), Found("ca_requested")),
        Lint("cabf.serverauth.subscriber_common_name_unknown_source", csr().names(&[dns("www.example.com")]), Found("cn_not_in_san")),
        Lint("cabf.serverauth.subscriber_discouraged_ku_present", key_usage(&[3, 0x88]), Missed("the Baseline Requirements allow it (7.1.2.7.11)")),
        Lint("cabf.serverauth.subscriber_prohibited_ku_present", key_usage(&[6, 0xc0]), Found("key_usage_unfit")),
        Lint("cabf.serverauth.subscriber_stateprovince_and_locality_missing", csr(), Missed(ORGANIZATION)),
        Lint("pkix.ip_address_wrong_length", address(&[8, 8, 8]), Found("ip_malformed")),
        Lint("pkix.dnsname_domain_name_too_long", named(&format!("{}com", "a.".repeat(126))), Found("dns_too_long")),
        Lint("pkix.duplicate_extension", csr().extension("2.5.29.17", &seq(&[&dns("b.com")])), Found("duplicate_extension")),
        Lint("pkix.ee_certificate_keycertsign_keyusage_set", key_usage(&[2, 0x04]), Found("key_cert_sign")),
        Lint("pkix.invalid_domain_name_syntax", named("-a.com"), Found("dns_hyphen")),
        Lint("pkix.invalid_email_address_syntax", also(tlv(0x81, &[b"a"])), Found("san_email")),
        Lint("pkix.invalid_uri_syntax", uri("::"), Found("san_uri")),
        Lint("pkix.key_usage_extension_not_critical", key_usage(&[7, 0x80]), Missed(FLAG)),
        Lint("pkix.key_usage_value_prohibited_for_ec", key_usage(&[5, 0xa0]), Found("key_usage_unfit")),
        Lint("pkix.key_usage_value_prohibited_for_rsa", rsa(&modulus()).extension("2.5.29.15", &tlv(3, &[&[3, 0x08]])), Found("key_usage_unfit")),
        Lint("pkix.end_entity_inhibit_anypolicy_extension_present", set_by_authority("2.5.29.54"), Found("ca_sets_extension")),
        Lint("pkix.end_entity_policy_constraints_extension_present", set_by_authority("2.5.29.36"), Found("ca_sets_extension")),
        Lint("pkix.end_entity_policy_mappings_extension_present", set_by_authority("2.5.29.33"), Found("ca_sets_extension")),
        Lint("pkix.name_constraints_in_ee_certificate", set_by_authority("2.5.29.30"), Found("ca_sets_extension")),
        Lint("pkix.rdn_contains_duplicate_attribute_types", csr().subject(&[&[common_name("example.com"), common_name("www.example.com")]]), Found("subject_multi_valued")),
        Lint("pkix.san_extension_not_critical_empty_subject", csr().subject(&[]), Missed(FLAG)),
        Lint("pkix.signature_verification_failed", csr(), Missed("the signature is verified by WebCrypto: `signature_invalid`")),
        Lint("pkix.subject_email_address_not_in_san", csr().with(attribute("1.2.840.113549.1.9.1", IA5, "a@example.com")), Found("subject_email")),
        Lint("pkix.public_key_algorithm_unsupported", key_of("1.2.3.4"), Found("key_unknown")),
        Lint("pkix.public_key_nist_round3_algorithm_present", key_of("1.3.6.1.4.1.2.267.7.4.4"), Found("key_unknown")),
        Lint("itu.invalid_asn1_syntax", csr().extension("2.5.29.19", &[4, 0]), Found("extension_malformed")),
    ]
}

#[test]
fn each_of_their_rules_is_found_or_missed_as_the_page_says() {
    let mut wrong = Vec::new();
    for Lint(name, request, here) in zlint().into_iter().chain(pkilint()) {
        let found = codes(&request);
        match here {
            Found(code) if !found.contains(code) => wrong.push(format!("{name}: {code} is not among {found:?}")),
            Missed(_) if !found.is_empty() => wrong.push(format!("{name} is found: {found:?}")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn page() -> String {
    let mut page = String::new();
    for (linter, lints) in [("zlint", zlint()), ("pkilint", pkilint())] {
        let missed = lints
            .iter()
            .filter(|Lint(_, _, here)| matches!(here, Missed(_)))
            .count();
        let found = lints.len() - missed;
        let _ = write!(
            page,
            "\n**{linter}**: {found} found, {missed} missed.\n\n| rule | here |\n|---|---|\n"
        );
        for Lint(name, _, here) in lints {
            let _ = match here {
                Found(code) => writeln!(page, "| `{name}` | `{code}` |"),
                Missed(reason) => writeln!(page, "| `{name}` | missed: {reason} |"),
            };
        }
    }
    page
}

#[test]
fn the_tables_on_the_page_are_current() {
    const BEGIN: &str = "<!-- from tests/pki/lints.rs -->\n";
    const END: &str = "\n<!-- end -->";
    let path = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pki.md");
    let written = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = written.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let current = [before, BEGIN, &page(), END, after].concat();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &current).unwrap();
    } else {
        assert!(
            current == written,
            "docs/pki.md is out of date: UPDATE_DOCS=1 cargo test --test pki"
        );
    }
}

#[test]
fn no_rule_of_theirs_is_there_twice() {
    for lints in [zlint(), pkilint()] {
        let mut names: Vec<&str> = lints.iter().map(|Lint(name, ..)| *name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
