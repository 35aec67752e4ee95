//! Which operators of TensorFlow only compute, in whichever format they are stored. What tensorflow registers does, save what is listed here with what it does instead.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::finding::Rule;
use crate::scan::rules::graph;

/// Names of all operators that the tensorflow package registers.
static REGISTERED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("generated/tensorflow_operators.txt").lines().collect());

/// What an operator does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Nothing but compute.
    Computes,
    /// Runs code of the host language that the process has registered.
    RunsCode,
    /// Reads any file, or writes any, and gives it to the caller or takes it from him.
    TouchesFiles,
    /// Reads records of files, or lists a folder.
    ReadsData,
    /// Opens connections or listens for them.
    Network,
    /// Talks to other processes or devices that take part in the run.
    Peers,
    /// Writes a checkpoint.
    Saves,
    /// Reads a checkpoint.
    Restores,
    /// Builds and runs a graph that it is given as a string.
    RunsGraph,
    /// Writes only if this attribute, a text, names a file.
    WritesIfFile(&'static str),
    /// Sends its tensors to these addresses, an attribute that lists texts; none, and it sends nothing.
    SendsTo(&'static str),
    /// Writes only if this input, counted from 0, is anything but an empty constant.
    WritesIfNamed(usize),
    /// Reads a table from the file that this input names: an asset, where a saved model is honest.
    ReadsTable(usize),
    /// Reads message types from the file that this attribute names, unless it holds them itself.
    ReadsDescriptor(&'static str),
    /// Ends the process.
    Ends,
    /// Calls what this process has registered under a name.
    CallsTarget,
    /// Not registered by tensorflow: a library must be loaded for it.
    Unknown,
}

/// Judges an operator by its name.
pub fn act(name: &str) -> Act {
    match ACTING.binary_search_by(|(acting, _)| (*acting).cmp(name)) {
        Ok(index) => ACTING.get(index).map_or(Act::Unknown, |(_, act)| *act),
        Err(_) if REGISTERED.contains(name) => Act::Computes,
        Err(_) => Act::Unknown,
    }
}

impl Act {
    /// The rule that an operator breaks by itself, whatever its attributes and inputs are, and what it does.
    pub fn rule(self) -> Option<(&'static Rule, &'static str)> {
        Some(match self {
            Self::RunsCode => (&graph::RUNS_CODE, "calls Python"),
            Self::TouchesFiles => (&graph::TOUCHES_FILES, "reads or writes files by their names"),
            Self::ReadsData => (&graph::READS_DATA, "lists folders or reads records of files"),
            Self::Network => (&graph::NETWORK, "opens or awaits connections"),
            Self::Peers => (&graph::PEERS, "exchanges data with other devices or processes"),
            Self::RunsGraph => (&graph::HIDDEN_GRAPH, "runs a graph that it gets as a string"),
            Self::CallsTarget => (&graph::NEEDS_LIBRARY, "calls what the process has registered under a name"),
            Self::Ends => (&graph::ENDS_PROCESS, "ends the process"),
            Self::Saves => (&graph::TOUCHES_FILES, "writes a checkpoint, and is no part of the saver"),
            Self::Restores => (&graph::READS_DATA, "reads a checkpoint, and is no part of the saver"),
            Self::Unknown => (&graph::NEEDS_LIBRARY, "tensorflow does not have: a library must be loaded for it"),
            Self::Computes
            | Self::WritesIfFile(_)
            | Self::SendsTo(_)
            | Self::WritesIfNamed(_)
            | Self::ReadsTable(_)
            | Self::ReadsDescriptor(_) => return None,
        })
    }
}

/// Operators that act, sorted.
#[rustfmt::skip]
const ACTING: &[(&str, Act)] = &[
    ("Abort", Act::Ends),
    ("CSVDataset", Act::ReadsData),
    ("CSVDatasetV2", Act::ReadsData),
    ("CacheDataset", Act::WritesIfNamed(1)),
    ("CacheDatasetV2", Act::WritesIfNamed(1)),
    ("CalibrationStatisticsSaver", Act::TouchesFiles),
    ("CollectiveAllToAllV2", Act::Peers),
    ("CollectiveAllToAllV3", Act::Peers),
    ("CollectiveAssignGroupV2", Act::Peers),
    ("CollectiveBcastRecv", Act::Peers),
    ("CollectiveBcastRecvV2", Act::Peers),
    ("CollectiveBcastSend", Act::Peers),
    ("CollectiveBcastSendV2", Act::Peers),
    ("CollectiveGather", Act::Peers),
    ("CollectiveGatherV2", Act::Peers),
    ("CollectiveInitializeCommunicator", Act::Peers),
    ("CollectivePermute", Act::Peers),
    ("CollectiveReduce", Act::Peers),
    ("CollectiveReduceScatterV2", Act::Peers),
    ("CollectiveReduceV2", Act::Peers),
    ("CollectiveReduceV3", Act::Peers),
    ("Copy", Act::SendsTo("debug_ops_spec")),
    ("CopyHost", Act::SendsTo("debug_ops_spec")),
    ("CreateSummaryDbWriter", Act::TouchesFiles),
    ("CreateSummaryFileWriter", Act::TouchesFiles),
    ("DTensorRestoreV2", Act::Restores),
    ("DataServiceDataset", Act::Network),
    ("DataServiceDatasetV2", Act::Network),
    ("DataServiceDatasetV3", Act::Network),
    ("DataServiceDatasetV4", Act::Network),
    ("DatasetFromGraph", Act::RunsGraph),
    ("DatasetToTFRecord", Act::TouchesFiles),
    ("DebugIdentity", Act::SendsTo("debug_urls")),
    ("DebugIdentityV2", Act::SendsTo("debug_urls")),
    ("DebugIdentityV3", Act::SendsTo("debug_urls")),
    ("DebugNanCount", Act::SendsTo("debug_urls")),
    ("DebugNumericSummary", Act::SendsTo("debug_urls")),
    ("DecodeProtoV2", Act::ReadsDescriptor("descriptor_source")),
    ("DistributedSave", Act::TouchesFiles),
    ("DumpTensor", Act::TouchesFiles),
    ("EagerPyFunc", Act::RunsCode),
    ("EncodeProto", Act::ReadsDescriptor("descriptor_source")),
    ("ExperimentalCSVDataset", Act::ReadsData),
    ("ExperimentalDatasetToTFRecord", Act::TouchesFiles),
    ("ExperimentalLMDBDataset", Act::ReadsData),
    ("ExperimentalMatchingFilesDataset", Act::ReadsData),
    ("ExperimentalSqlDataset", Act::ReadsData),
    ("FileSystemSetConfiguration", Act::Network),
    ("FixedLengthRecordDataset", Act::ReadsData),
    ("FixedLengthRecordDatasetV2", Act::ReadsData),
    ("FixedLengthRecordReader", Act::ReadsData),
    ("FixedLengthRecordReaderV2", Act::ReadsData),
    ("FixedUnigramCandidateSampler", Act::ReadsDescriptor("vocab_file")),
    ("GcsConfigureBlockCache", Act::Network),
    ("GcsConfigureCredentials", Act::Network),
    ("GenerateVocabRemapping", Act::ReadsTable(0)),
    ("IdentityReader", Act::ReadsData),
    ("IdentityReaderV2", Act::ReadsData),
    ("ImmutableConst", Act::ReadsData),
    ("ImportEvent", Act::TouchesFiles),
    ("InfeedEnqueue", Act::Peers),
    ("InfeedEnqueuePrelinearizedBuffer", Act::Peers),
    ("InfeedEnqueueTuple", Act::Peers),
    ("InitializeTableFromTextFile", Act::ReadsTable(1)),
    ("InitializeTableFromTextFileV2", Act::ReadsTable(1)),
    ("LMDBDataset", Act::ReadsData),
    ("LMDBReader", Act::ReadsData),
    ("ListSnapshotChunksDataset", Act::ReadsData),
    ("LoadAndRemapMatrix", Act::ReadsData),
    ("LoadDataset", Act::ReadsData),
    ("MatchingFiles", Act::ReadsData),
    ("MatchingFilesDataset", Act::ReadsData),
    ("MergeV2Checkpoints", Act::Saves),
    ("NcclAllReduce", Act::Peers),
    ("NcclBroadcast", Act::Peers),
    ("NcclReduce", Act::Peers),
    ("OutfeedDequeue", Act::Peers),
    ("OutfeedDequeueTuple", Act::Peers),
    ("OutfeedDequeueTupleV2", Act::Peers),
    ("OutfeedDequeueV2", Act::Peers),
    ("PrintV2", Act::WritesIfFile("output_stream")),
    ("PyFunc", Act::RunsCode),
    ("PyFuncStateless", Act::RunsCode),
    ("ReadFile", Act::TouchesFiles),
    ("RecordInput", Act::ReadsData),
    ("RegisterDataset", Act::Network),
    ("RegisterDatasetV2", Act::Network),
    ("RemoteCall", Act::Peers),
    ("RemoteFusedGraphExecute", Act::CallsTarget),
    ("Restore", Act::Restores),
    ("RestoreSlice", Act::Restores),
    ("RestoreV2", Act::Restores),
    ("RpcCall", Act::Network),
    ("RpcClient", Act::Network),
    ("RpcServer", Act::Network),
    ("RpcServerRegister", Act::Network),
    ("RpcServerStart", Act::Network),
    ("Save", Act::Saves),
    ("SaveDataset", Act::TouchesFiles),
    ("SaveDatasetV2", Act::TouchesFiles),
    ("SaveSlices", Act::Saves),
    ("SaveV2", Act::Saves),
    ("Skipgram", Act::ReadsDescriptor("filename")),
    ("SnapshotChunkDataset", Act::ReadsData),
    ("SnapshotDataset", Act::TouchesFiles),
    ("SnapshotDatasetReader", Act::ReadsData),
    ("SnapshotDatasetV2", Act::TouchesFiles),
    ("SnapshotNestedDatasetReader", Act::ReadsData),
    ("SqlDataset", Act::ReadsData),
    ("StoreMinibatchStatisticsInFdo", Act::TouchesFiles),
    ("TFRecordDataset", Act::ReadsData),
    ("TFRecordDatasetV2", Act::ReadsData),
    ("TFRecordReader", Act::ReadsData),
    ("TFRecordReaderV2", Act::ReadsData),
    ("TextLineDataset", Act::ReadsData),
    ("TextLineReader", Act::ReadsData),
    ("TextLineReaderV2", Act::ReadsData),
    ("TryRpc", Act::Network),
    ("WholeFileReader", Act::ReadsData),
    ("WholeFileReaderV2", Act::ReadsData),
    ("WriteFile", Act::TouchesFiles),
    ("XlaCustomCall", Act::CallsTarget),
    ("XlaCustomCallV2", Act::CallsTarget),
    ("_NcclBroadcastRecv", Act::Peers),
    ("_NcclBroadcastSend", Act::Peers),
    ("_NcclReduceRecv", Act::Peers),
    ("_NcclReduceSend", Act::Peers),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_the_search() {
        assert!(ACTING.is_sorted_by(|(a, _), (b, _)| a < b));
    }

    #[test]
    fn what_acts_is_registered_or_known_to_have_been() {
        let gone = ["GcsConfigureBlockCache", "GcsConfigureCredentials", "RemoteFusedGraphExecute", "TryRpc"];
        for (name, _) in ACTING {
            assert!(REGISTERED.contains(name) || gone.contains(name), "{name} is no operator of tensorflow");
        }
    }

    #[test]
    fn an_operator_that_nobody_registered_is_unknown() {
        assert_eq!(act("MatMul"), Act::Computes);
        assert_eq!(act("WriteFile"), Act::TouchesFiles);
        assert_eq!(act("SentencepieceTokenizeOp"), Act::Unknown);
    }
}
