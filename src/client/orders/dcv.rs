//! What to put where so that control of a domain can be checked (guide 6.1.2).

use finding::FindingCode;
use serde::Serialize;

use crate::error::Error;

/// Where CNAME records point to.
const CNAME_TARGET: &str = "dcv.digicert.com";
/// Where the file is.
const FILE_PATH: &str = "/.well-known/pki-validation/fileauth.txt";

/// What to put where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct DcvInstructions {
    /// The method.
    #[cfg_attr(feature = "types", tsify(type = "DcvMethod"))]
    pub method: String,
    /// The domain whose control is checked; of a wildcard, what follows it.
    pub domain: String,
    /// The DNS record to create, when the token is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub record: Option<DcvRecord>,
    /// The file to serve, when the token is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub file: Option<DcvFile>,
    /// The same in words.
    pub text: String,
}

/// A DNS record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct DcvRecord {
    /// Its type.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "types", tsify(type = "'CNAME' | 'TXT'"))]
    pub type_: &'static str,
    /// Its full name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct DcvFile {
    /// Where it is looked for; http, port 80.
    pub url: String,
    /// All that it contains.
    pub content: String,
}

/// The instructions for a domain. Without a token, which comes from the certificate authority, they are words only.
///
/// # Errors
/// `invalid_domain`.
pub fn dcv_instructions(domain: &str, method: &str, token: Option<&str>) -> Result<DcvInstructions, Error> {
    let domain = domain.trim().trim_end_matches('.').to_ascii_lowercase();
    let is_wildcard = domain.starts_with("*.");
    let domain = domain.strip_prefix("*.").unwrap_or(&domain).to_owned();
    let is_label = |label: &str| {
        let plain = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        !label.is_empty() && label.len() <= 63 && plain
    };
    if domain.len() > 253 || !domain.split('.').all(is_label) {
        let message = "The domain must be a DNS name such as example.com; write an international one in its xn-- form.";
        return Err(Error::refused(FindingCode::InvalidDomain, "domain", message));
    }
    let token = token.map(str::trim).filter(|token| !token.is_empty());
    let record = match method {
        "DNS_CNAME_TOKEN" => token.map(|token| DcvRecord {
            type_: "CNAME",
            name: format!("{token}.{domain}"),
            value: CNAME_TARGET.into(),
        }),
        "DNS_TXT_TOKEN" => token.map(|token| DcvRecord {
            type_: "TXT",
            name: domain.clone(),
            value: token.into(),
        }),
        _ => None,
    };
    let url = format!("http://{domain}{FILE_PATH}");
    let file = match method {
        "HTTP_TOKEN" => token.map(|token| DcvFile {
            url: url.clone(),
            content: token.into(),
        }),
        _ => None,
    };
    let the_token = token.map_or_else(
        || "the token that the certificate authority gives for the order".to_owned(),
        |token| format!("`{token}`"),
    );
    let text = match method {
        "EMAIL" => {
            format!("Follow the link in the email that is sent for {domain}; `sendDcvEmail` sends it again.")
        }
        "DNS_CNAME_TOKEN" => {
            format!("Create a CNAME record under {domain} whose host name is {the_token}, pointing to {CNAME_TARGET}.")
        }
        // A file shows control of one host name only, not of all that a wildcard covers (BR 3.2.2.4.18).
        "HTTP_TOKEN" if is_wildcard => {
            format!(
                "A file cannot show control of every name under {domain}: choose a DNS method or EMAIL for the wildcard."
            )
        }
        "HTTP_TOKEN" => {
            format!("Serve a file at {url} that holds {the_token} and nothing else, without redirect to a login.")
        }
        "DNS_TXT_TOKEN" => format!("Create a TXT record at {domain} whose value is {the_token}."),
        other => format!(
            "This version does not know the method {other}: ask the certificate authority what it wants for {domain}."
        ),
    };
    let file = file.filter(|_| !is_wildcard);
    Ok(DcvInstructions {
        method: method.to_owned(),
        domain,
        record,
        file,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instructions(domain: &str, method: &str) -> DcvInstructions {
        dcv_instructions(domain, method, Some("tok123")).unwrap()
    }

    #[test]
    fn each_method_says_what_goes_where() {
        let cname = instructions("Example.com", "DNS_CNAME_TOKEN").record.unwrap();
        assert_eq!(
            (cname.type_, cname.name.as_str(), cname.value.as_str()),
            ("CNAME", "tok123.example.com", "dcv.digicert.com")
        );
        let txt = instructions("*.example.com", "DNS_TXT_TOKEN").record.unwrap();
        assert_eq!(
            (txt.type_, txt.name.as_str(), txt.value.as_str()),
            ("TXT", "example.com", "tok123")
        );
        let file = instructions("www.example.com", "HTTP_TOKEN").file.unwrap();
        assert_eq!(
            file.url,
            "http://www.example.com/.well-known/pki-validation/fileauth.txt"
        );
        assert_eq!(file.content, "tok123");
        assert!(instructions("www.example.com", "HTTP_TOKEN").text.contains(&file.url));
        assert!(instructions("example.com", "EMAIL").text.contains("email"));
    }

    #[test]
    fn a_file_shows_nothing_for_a_wildcard() {
        let wildcard = instructions("*.example.com", "HTTP_TOKEN");
        assert_eq!(wildcard.file, None);
        assert!(wildcard.text.contains("DNS"));
    }

    #[test]
    fn without_a_token_nothing_is_made_up() {
        let bare = dcv_instructions("example.com", "DNS_CNAME_TOKEN", None).unwrap();
        assert_eq!((bare.record, bare.file), (None, None));
        assert!(bare.text.contains("the token that the certificate authority gives"));
        let bare = dcv_instructions("example.com", "DNS_TXT_TOKEN", None).unwrap();
        assert_eq!(
            bare.text,
            "Create a TXT record at example.com whose value is the token that the certificate authority gives for the order."
        );
    }

    #[test]
    fn a_domain_has_253_octets_at_most_and_a_label_63() {
        let of_length = |last: usize| format!("{0}.{0}.{0}.{1}", "a".repeat(63), "a".repeat(last));
        for (domain, is_one) in [
            (of_length(61), true),
            (of_length(62), false),
            (of_length(63), false),
            ("a".repeat(63), true),
            ("a".repeat(64), false),
        ] {
            let read = dcv_instructions(&domain, "DNS_TXT_TOKEN", Some("t"));
            assert_eq!(read.is_ok(), is_one, "{}", domain.len());
        }
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        for domain in ["", "https://example.com", "exa mple.com", "a..b", "münchen.de"] {
            assert!(
                dcv_instructions(domain, "DNS_TXT_TOKEN", Some("t")).is_err(),
                "{domain}"
            );
        }
    }
}
