//! The Markmonitor SSL Certs API in memory.
