//! The TypeScript of the sandbox's tables: its readings, and the names that choose what becomes of an order.

use std::fmt::Write as _;

use sandbox::{FATES, READINGS};

/// A constant of each table, which programs can go through, and the types that follow from it.
pub(crate) fn typescript() -> String {
    let mut text = String::from("// Generated from the tables of the sandbox by tools/declarations: do not edit.\n\n");
    text.push_str(
        "/** How each open fact of the service can be taken, the default first. */\nexport const readings = {\n",
    );
    for reading in READINGS {
        let values: Vec<String> = reading.values.iter().map(|value| format!("'{}'", value.name)).collect();
        let _ = writeln!(text, "  {}: [{}],", reading.name, values.join(", "));
    }
    text.push_str("} as const;\n\n/** How the sandbox takes facts that are open; what is left out, by default. */\n");
    text.push_str("export interface SandboxReadings {\n");
    for reading in READINGS {
        let _ = writeln!(text, "  /**\n   * {}", reading.fact);
        text.push_str("   *\n");
        for (at, value) in reading.values.iter().enumerate() {
            let is_default = if at == 0 { " (the default)" } else { "" };
            let _ = writeln!(text, "   * - `{}`{is_default}: {}", value.name, value.meaning);
        }
        let name = reading.name;
        let _ = writeln!(
            text,
            "   */\n  {name}?: (typeof readings)['{name}'][number] | undefined;"
        );
    }
    text.push_str(
        "}\n\n/** Domains: common names at or below one choose what becomes of an order. */\nexport const fates = {\n",
    );
    for fate in FATES {
        let _ = writeln!(
            text,
            "  /** {} */\n  '{}': '{}',",
            fate.meaning, fate.domain, fate.meaning
        );
    }
    text.push_str("} as const;\n");
    text
}
