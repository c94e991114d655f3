//! The table of operations beside docs/openapi.yaml: neither may have one that the other has not.

const DESCRIPTION: &str = include_str!("../../docs/openapi.yaml");
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

type Operation = (String, String, String);

/// Name, method and path of every operation that the description has. It is read by its indentation, as it is written.
fn described() -> Vec<Operation> {
    let paths = DESCRIPTION.split_once("\npaths:\n").unwrap().1;
    let (paths, _) = paths.split_once("\ncomponents:\n").unwrap();
    let (mut path, mut method) = (String::new(), String::new());
    let mut operations = Vec::new();
    for line in paths.lines() {
        let text = line.trim_start();
        match line.len() - text.len() {
            2 => text.trim_end_matches(':').clone_into(&mut path),
            4 => text.trim_end_matches(':').clone_into(&mut method),
            6 if METHODS.contains(&method.as_str()) => {
                if let Some(name) = text.strip_prefix("operationId: ") {
                    operations.push((name.to_owned(), method.to_uppercase(), path.clone()));
                }
            }
            _ => {}
        }
    }
    operations.sort();
    operations
}

fn answered() -> Vec<Operation> {
    let mut operations: Vec<_> = sandbox::operations()
        .map(|(name, method, path)| (name.to_owned(), method.to_owned(), path.to_owned()))
        .collect();
    operations.sort();
    operations
}

#[test]
fn what_is_described_is_answered_and_nothing_else() {
    assert_eq!(answered(), described());
}

#[test]
fn no_name_stands_for_two_operations() {
    let names: Vec<_> = answered().into_iter().map(|(name, ..)| name).collect();
    let mut unique = names.clone();
    unique.dedup();
    assert_eq!(names, unique);
}
