//! The service's words, pure: one file per resource with its models and its calls.
