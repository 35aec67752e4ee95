//! Which operators only compute: what paddlepaddle registers, save what is listed here.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::finding::Rule;
use crate::scan::rules::graph;

static REGISTERED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("generated/operators.txt").lines().collect());

/// Operators of the new representation that the registry does not list: they hold the program together.
const STRUCTURE: &[&str] = &[
    "assert",
    "cf.stack_create",
    "cf.tuple_pop",
    "cf.tuple_push",
    "cf.yield",
    "combine",
    "constant",
    "data",
    "feed",
    "fetch",
    "if",
    "p",
    "parameter",
    "reshard",
    "select_input",
    "set_parameter",
    "shadow_output",
    "slice",
    "split",
    "while",
    "yield",
];

/// The rule that an operator breaks, and what it does.
pub(super) fn offence(name: &str) -> Option<(&'static Rule, &'static str)> {
    let acts = match name {
        "py_func" | "pylayer" | "py_layer" => (&graph::RUNS_CODE, "calls Python"),
        "save" | "save_combine" | "save_combine_vocab" | "save_sr" | "dump" => {
            (&graph::TOUCHES_FILES, "writes files by their names")
        }
        "load"
        | "load_combine"
        | "load_combine_extended"
        | "load_combine_vocab"
        | "load_sr"
        | "read_file"
        | "read"
        | "create_py_reader"
        | "create_double_buffer_reader"
        | "create_custom_reader" => (&graph::READS_DATA, "reads files or streams by their names"),
        "listen_and_serv"
        | "send"
        | "recv"
        | "send_barrier"
        | "fetch_barrier"
        | "distributed_lookup_table"
        | "pull_sparse"
        | "pull_sparse_v2"
        | "push_sparse"
        | "push_dense"
        | "checkpoint_notify" => (&graph::NETWORK, "talks to servers"),
        "p_send" | "p_recv" | "p_send_array" | "p_recv_array" | "send_v2" | "recv_v2" | "partial_send"
        | "partial_recv" | "c_broadcast" | "c_reduce_sum" | "c_gen_nccl_id" | "gen_nccl_id" | "c_comm_init"
        | "c_comm_init_all" => (&graph::PEERS, "exchanges data with other devices or processes"),
        name if REGISTERED.contains(name) || STRUCTURE.binary_search(&name).is_ok() => return None,
        // gradients and in-place forms are registered by the name of their operator
        name => {
            let base = name.strip_suffix('_').unwrap_or(name);
            let base = base.strip_suffix("_grad").unwrap_or(base);
            if REGISTERED.contains(base) || STRUCTURE.binary_search(&base).is_ok() {
                return None;
            }
            (&graph::NEEDS_LIBRARY, "paddlepaddle does not have: a library must be loaded for it")
        }
    };
    Some(acts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_operators_compute_and_others_are_named() {
        assert!(STRUCTURE.is_sorted());
        assert!(offence("matmul_v2").is_none() && offence("relu_").is_none());
        assert_eq!(offence("py_func").unwrap().0.id, graph::RUNS_CODE.id);
        assert_eq!(offence("my_own").unwrap().0.id, graph::NEEDS_LIBRARY.id);
    }
}
