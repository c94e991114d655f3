//! The table of endpoints as a proxy needs it: which request is which operation, and whether it changes anything.

use api::{ENDPOINTS, Form, Service};
use serde_json::json;

/// A constant, without what only a client has to know. The authentication service is for the proxy itself, but for the
/// groups that an order names.
pub(crate) fn typescript() -> String {
    let mut text = String::from(
        "// Generated from the table of endpoints by tools/declarations: do not edit.\n\n\
         /** Every request that a page can make through a proxy. */\nexport const endpoints = [\n",
    );
    for row in ENDPOINTS.iter().filter(|row| !row.operation.starts_with("tokens.")) {
        let parameters: Vec<&str> = row.parameters().map(|parameter| parameter.name).collect();
        let lists = row.parameters().filter(|parameter| json!(parameter.takes) == "list");
        let lists: Vec<&str> = lists.map(|parameter| parameter.name).collect();
        let fields = json!({
            "operation": row.operation,
            "method": row.method.as_str(),
            "service": if row.service == Service::Auth { "auth" } else { "certs" },
            "path": row.path,
            "query": parameters,
            "lists": lists,
            "list": matches!(row.reply, Form::Page { .. }),
            "file": row.reply == Form::File,
            "writes": row.writes,
        });
        text.push_str("  ");
        text.push_str(&fields.to_string());
        text.push_str(",\n");
    }
    text.push_str("] as const;\n");
    text
}
