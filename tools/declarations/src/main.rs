//! Prints the TypeScript of the shapes that Rust owns, with `--sandbox` that of the sandbox's tables, and with
//! `--operations` the table of endpoints as JSON, with `--endpoints` that of a proxy. Native, so that the facade can be type-checked in seconds.
#![allow(clippy::print_stdout, reason = "it is what the program is there for")]

mod endpoints;
mod sandbox_tables;

use renewals::{
    journal::RenewalState,
    plan::{RenewalAction, RenewalBlock},
    run::problem::RenewalProblemCode,
    summary::RenewalOutcome,
    urgency::RenewalUrgency,
};
use tsify::Tsify;

/// What is printed, in this order.
const DECLARATIONS: &[&str] = &[
    <api::Service as Tsify>::DECL,
    <api::request::RequestOptions as Tsify>::DECL,
    <api::facts::Problem as Tsify>::DECL,
    <client::options::ClientSettings as Tsify>::DECL,
    <client::options::RateLimitSettings as Tsify>::DECL,
    <client::options::CallSettings as Tsify>::DECL,
    <client::options::OnceSettings as Tsify>::DECL,
    <client::options::WaitSettings as Tsify>::DECL,
    <client::options::ExpiringSettings as Tsify>::DECL,
    <client::events::ResponseInfo as Tsify>::DECL,
    <client::events::RequestEvent as Tsify>::DECL,
    <client::events::RetryEvent as Tsify>::DECL,
    <client::events::ThrottledEvent as Tsify>::DECL,
    <client::events::TokenEvent as Tsify>::DECL,
    <client::events::WarningCode as Tsify>::DECL,
    <client::events::WarningEvent as Tsify>::DECL,
    <client::events::TokenChange as Tsify>::DECL,
    <client::events::StoreEvent as Tsify>::DECL,
    <client::events::SessionChange as Tsify>::DECL,
    <client::events::SessionEvent as Tsify>::DECL,
    <client::TokenInfo as Tsify>::DECL,
    <client::limiter::RateLimitState as Tsify>::DECL,
    <client::error::TimeoutPhase as Tsify>::DECL,
    <client::error::WaitReason as Tsify>::DECL,
    <client::error::Difference as Tsify>::DECL,
    <client::orders::dcv::DcvInstructions as Tsify>::DECL,
    <client::orders::dcv::DcvRecord as Tsify>::DECL,
    <client::orders::dcv::DcvFile as Tsify>::DECL,
    <finding::Severity as Tsify>::DECL,
    <finding::FindingCode as Tsify>::DECL,
    <finding::Finding as Tsify>::DECL,
    <pki::Asn1Node as Tsify>::DECL,
    <pki::Bundle as Tsify>::DECL,
    <pki::Certificate as Tsify>::DECL,
    <pki::CheckedOrder as Tsify>::DECL,
    <pki::Csr as Tsify>::DECL,
    <pki::CsrAttribute as Tsify>::DECL,
    <pki::CsrInspection as Tsify>::DECL,
    <pki::Extension as Tsify>::DECL,
    <pki::InternationalName as Tsify>::DECL,
    <pki::Name as Tsify>::DECL,
    <pki::NameAttribute as Tsify>::DECL,
    <pki::PublicKey as Tsify>::DECL,
    <pki::SignatureAlgorithm as Tsify>::DECL,
    <pki::StringType as Tsify>::DECL,
    <pki::SubjectAltNames as Tsify>::DECL,
    <pki::SignatureStatus as Tsify>::DECL,
    <renewals::ask::Ask as Tsify>::DECL,
    <renewals::ask::Placed as Tsify>::DECL,
    <RenewalAction as Tsify>::DECL,
    <RenewalBlock as Tsify>::DECL,
    <RenewalUrgency as Tsify>::DECL,
    <renewals::plan::RenewalItem as Tsify>::DECL,
    <renewals::plan::capacity::RenewalCapacity as Tsify>::DECL,
    <renewals::plan::capacity::RenewalRule as Tsify>::DECL,
    <renewals::plan::RenewalPlan as Tsify>::DECL,
    <RenewalState as Tsify>::DECL,
    <renewals::run::event::RenewalEvent as Tsify>::DECL,
    <RenewalProblemCode as Tsify>::DECL,
    <renewals::run::problem::RenewalProblem as Tsify>::DECL,
    <RenewalOutcome as Tsify>::DECL,
    <renewals::summary::RenewalStatus as Tsify>::DECL,
    <renewals::summary::RenewalSummary as Tsify>::DECL,
];

/// The words of a union and what each means, in lines.
type Meanings = &'static [(&'static str, &'static [&'static str])];

/// What the words of the declarations mean that are unions of them.
const MEANINGS: &[(&str, Meanings)] = &[
    (RenewalAction::DECL, RenewalAction::MEANINGS),
    (RenewalBlock::DECL, RenewalBlock::MEANINGS),
    (RenewalUrgency::DECL, RenewalUrgency::MEANINGS),
    (RenewalState::DECL, RenewalState::MEANINGS),
    (RenewalOutcome::DECL, RenewalOutcome::MEANINGS),
    (RenewalProblemCode::DECL, RenewalProblemCode::MEANINGS),
];

fn main() {
    if std::env::args().any(|argument| argument == "--operations") {
        println!("{}", serde_json::json!(api::ENDPOINTS));
        return;
    }
    if std::env::args().any(|argument| argument == "--endpoints") {
        print!("{}", endpoints::typescript());
        return;
    }
    if std::env::args().any(|argument| argument == "--sandbox") {
        print!("{}", sandbox_tables::typescript());
        return;
    }
    println!("// Generated from the Rust types by tools/declarations: do not edit.\n");
    println!("import type {{ RenewalPlanPolicy, RenewalRequest }} from '../types/renewals.js';");
    println!("import type {{ DcvMethod, NewOrder, OrderStatus }} from './service.js';\n");
    let operations = api::ENDPOINTS.iter().map(|endpoint| endpoint.operation);
    println!("/** A call of the service, by its name in this package. */");
    println!("export type Operation = {};\n", union(operations));
    let codes = client::ErrorCode::ALL.iter().map(|code| code.as_str());
    println!("/** What a call can fail with, in one word. */");
    println!(
        "export type ErrorCode = {};\n",
        union(codes.chain(pki::ParseErrorCode::ALL.iter().map(|code| code.as_str())))
    );
    let under_way = api::facts::OrderStatus::under_way().map(|status| format!("'{status}'"));
    println!("/** The statuses of orders that have neither ended nor been issued (guide 7.4.2). */");
    println!(
        "export const underWay = [{}];\n",
        under_way.collect::<Vec<_>>().join(", ")
    );
    for declaration in DECLARATIONS {
        // tsify exports interfaces and leaves aliases to themselves.
        let (comment, code) = declaration.split_at(start_of_code(declaration));
        let code = code.strip_prefix("export ").unwrap_or(code);
        println!("{}export {code}\n", with_meanings(declaration, comment));
    }
}

/// The comment of a declaration, with what its words mean.
fn with_meanings(declaration: &str, comment: &str) -> String {
    let meanings = MEANINGS.iter().find(|(of, _)| *of == declaration);
    let Some((head, (_, meanings))) = comment.strip_suffix(" */\n").zip(meanings) else {
        return comment.to_owned();
    };
    let lines = meanings
        .iter()
        .map(|(word, says)| format!(" * - `{word}`: {}\n", says.concat().trim()));
    format!("{head} *\n{} */\n", lines.collect::<String>())
}

fn union<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("'{name}'")).collect();
    names.join(" | ")
}

/// Where a declaration begins after its comment.
fn start_of_code(declaration: &str) -> usize {
    let end_of_comment = declaration
        .starts_with("/**")
        .then(|| declaration.find("*/\n").map(|at| at.saturating_add(3)));
    end_of_comment.flatten().unwrap_or_default()
}
