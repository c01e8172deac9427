//! jq filters over JSON values
