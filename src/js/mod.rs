//! The boundary to JavaScript: it converts and forwards, and decides nothing.
