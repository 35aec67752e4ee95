//! What a host allows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::license::LicensePolicy;
use crate::plan::Capabilities;

/// What a host allows, whatever a plan says. The default allows what a workstation can take, and no network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// What is there to work with: a plan that names anything else cannot work.
    pub capabilities: Capabilities,
    /// Operations that are allowed, by name; all of them if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations: Option<Vec<String>>,
    /// Refuse every plan without a proof. A plan whose requirements do not say `allow_unproven` needs one in any case.
    pub require_parity: bool,
    /// Under which licences models may come; any if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<LicensePolicy>,
    /// Let steps use the network.
    pub allow_network: bool,
    /// Seconds that one step may ask for.
    pub max_wall_seconds: u64,
    /// Bytes of memory that one step may ask for.
    pub max_memory_bytes: u64,
    /// Steps of one plan.
    pub max_steps: u64,
    /// Passes of one step.
    pub max_passes: u64,
    /// Bindings of one proof.
    pub max_bindings: u64,
    /// The largest number that a symbolic dimension may be bound to.
    pub max_binding: u64,
    /// Further attempts that a step may ask for.
    pub max_retries: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            capabilities: Capabilities::default(),
            operations: None,
            require_parity: false,
            license: None,
            allow_network: false,
            max_wall_seconds: 24 * 3600,
            max_memory_bytes: 1 << 40,
            max_steps: 64,
            max_passes: 256,
            max_bindings: 64,
            max_binding: 1 << 24,
            max_retries: 8,
        }
    }
}

impl Policy {
    /// The default over what is there to work with.
    pub fn new(capabilities: Capabilities) -> Self {
        Self { capabilities, ..Self::default() }
    }
}
