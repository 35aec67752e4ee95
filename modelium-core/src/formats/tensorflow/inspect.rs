//! What would act in TensorFlow's files.

use crate::artifact::Artifact;
use crate::error::{Location, Result};
use crate::formats::tensorflow::analyze::read_facts;
use crate::formats::tensorflow::bundle::{Bundle, parse_shard_name};
use crate::formats::tensorflow::detect::{Kind, kind};
use crate::formats::tensorflow::graph::Graph;
use crate::formats::tensorflow::{CHECKPOINT, GRAPH_DEF, META_GRAPH, SAVED_MODEL, judge, keras, text};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content, rules};
use crate::wire::budget::Budget;
use crate::wire::protobuf::Message;

/// Looks for danger in saved models, and in the small files beside them.
#[derive(Debug, Clone, Copy, Default)]
pub struct SavedModelInspector;

/// Looks for danger in frozen graphs.
#[derive(Debug, Clone, Copy, Default)]
pub struct GraphDefInspector;

/// Looks for danger in graphs beside checkpoints.
#[derive(Debug, Clone, Copy, Default)]
pub struct MetaGraphInspector;

/// Answers for checkpoints: nothing in them acts, but each byte must be of a tensor.
#[derive(Debug, Clone, Copy, Default)]
pub struct CheckpointInspector;

fn certain(yes: bool) -> Sniff {
    if yes { Sniff::Certain } else { Sniff::No }
}

impl Inspector for SavedModelInspector {
    fn format(&self) -> FormatId {
        SAVED_MODEL
    }

    fn sniff(&self, part: &Part) -> Sniff {
        certain(matches!(kind(&part.blob), Some(Kind::SavedModel | Kind::KerasMetadata | Kind::Fingerprint)))
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let message = Message::whole(&part.blob);
        match kind(&part.blob) {
            Some(Kind::KerasMetadata) => keras::judge_metadata(message, part, exam)?,
            Some(Kind::Fingerprint) => {}
            _ => {
                let mut budget = Budget::new(exam.cx());
                for field in message.fields() {
                    let field = field?;
                    if field.number == 2 {
                        judge_meta(field.message()?, part, exam, &mut budget)?;
                    }
                }
            }
        }
        Ok(Taken::Yes)
    }

    /// Assets that the graph asks for must lie in the folder's own `assets`.
    fn inspect_folder(&self, folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
        let models = folder
            .entries()
            .map(|(name, _)| name)
            .filter(|name| *name == "saved_model.pb" || name.ends_with("/saved_model.pb"));
        for name in models {
            let Ok(blob) = folder.blob(name) else { continue };
            if kind(&blob) != Some(Kind::SavedModel) {
                continue;
            }
            let mut budget = Budget::new(exam.cx());
            for field in Message::whole(&blob).fields() {
                // what is broken was reported when the file was examined
                let Ok(field) = field else { break };
                let Some(graph) = field.message().ok().filter(|_| field.number == 2) else { continue };
                let Ok(facts) = read_facts(graph, &mut budget) else { continue };
                for asset in facts.assets {
                    let leads_out = asset.starts_with(['/', '\\'])
                        || asset.split(['/', '\\']).any(|step| step == "..")
                        || asset.contains("://");
                    if leads_out {
                        let at = Location { item: Some(asset.clone()), ..Location::file(folder.display(name)) };
                        let message = format!("asset '{asset}' lies outside the model's folder");
                        exam.report(&rules::graph::READS_DATA, at, message);
                    }
                }
            }
        }
        Ok(())
    }
}

impl Inspector for MetaGraphInspector {
    fn format(&self) -> FormatId {
        META_GRAPH
    }

    fn sniff(&self, part: &Part) -> Sniff {
        certain(kind(&part.blob) == Some(Kind::MetaGraph))
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let mut budget = Budget::new(exam.cx());
        judge_meta(Message::whole(&part.blob), part, exam, &mut budget)?;
        Ok(Taken::Yes)
    }
}

impl Inspector for GraphDefInspector {
    fn format(&self) -> FormatId {
        GRAPH_DEF
    }

    fn sniff(&self, part: &Part) -> Sniff {
        certain(kind(&part.blob) == Some(Kind::GraphDef) || text::is_text(&part.blob))
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if text::is_text(&part.blob) {
            text::judge(part, exam);
            return Ok(Taken::Yes);
        }
        let mut budget = Budget::new(exam.cx());
        let graph = Graph::read(Message::whole(&part.blob), &mut budget)?;
        judge::judge(&graph, None, part, exam, &mut budget, 0)?;
        Ok(Taken::Yes)
    }
}

impl Inspector for CheckpointInspector {
    fn format(&self) -> FormatId {
        CHECKPOINT
    }

    /// The shards of a bundle are bare elements: only the index beside them can tell what they are.
    fn sniff(&self, part: &Part) -> Sniff {
        if kind(&part.blob) == Some(Kind::Index) {
            Sniff::Certain
        } else if parse_shard_name(part.name()).is_some() || is_state(&part.blob) {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let mut budget = Budget::new(exam.cx());
        if kind(&part.blob) == Some(Kind::Index) {
            Bundle::read(&part.blob, &mut budget)?;
            return Ok(Taken::Yes);
        }
        if is_state(&part.blob) {
            return Ok(Taken::Yes);
        }
        let Some((prefix, shard, _)) = parse_shard_name(part.name()) else { return Ok(Taken::No) };
        let index =
            exam.entry(part).and_then(|(artifact, entry)| artifact.resolve(entry, &format!("{prefix}.index")).ok());
        let Some(index) = index.filter(|index| kind(index) == Some(Kind::Index)) else { return Ok(Taken::No) };
        // what is wrong with the index is reported where the index is
        let Ok(bundle) = Bundle::read(&index, &mut budget) else { return Ok(Taken::No) };
        if let Some((start, end)) = bundle.uncovered(shard, &part.blob, &part.blob)? {
            exam.gap(part.at(start), end.saturating_sub(start), "bytes of a shard that are of no tensor");
        }
        content::search(part, 0..part.blob.len(), exam)?;
        Ok(Taken::Yes)
    }
}

/// The text file `checkpoint`, which names the latest one.
fn is_state(bytes: &[u8]) -> bool {
    let head = bytes.get(..4096.min(bytes.len())).unwrap_or_default();
    let known = [
        &b"model_checkpoint_path: \""[..],
        b"all_model_checkpoint_paths: \"",
        b"all_model_checkpoint_timestamps: ",
        b"last_preserved_timestamp: ",
    ];
    head.starts_with(b"model_checkpoint_path: \"")
        && bytes.len() < 1 << 20
        && bytes
            .split(|byte| *byte == b'\n')
            .all(|line| line.is_empty() || known.iter().any(|known| line.starts_with(known)))
}

fn judge_meta(message: Message<'_>, part: &Part, exam: &mut Exam<'_>, budget: &mut Budget<'_>) -> Result<()> {
    let facts = read_facts(message, budget)?;
    for field in message.fields() {
        let field = field?;
        match field.number {
            2 => {
                let graph = Graph::read(field.message()?, budget)?;
                judge::judge(&graph, Some(&facts), part, exam, budget, 0)?;
            }
            // objects of TensorFlow 2; those of Keras before version 3 carry their configuration
            7 => {
                for object in field.message()?.fields() {
                    let object = object?;
                    if object.number == 1
                        && let Some(user) = object.message()?.find(4)?
                    {
                        judge_object(user.message()?, part, exam)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// `SavedUserObject`: an identifier, a version, metadata.
fn judge_object(message: Message<'_>, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    let identifier = message.find(1)?.map(|identifier| identifier.text()).transpose()?.unwrap_or_default();
    if let Some(metadata) = message.find(3)?.filter(|_| identifier.starts_with("_tf_keras_")) {
        let metadata = metadata.message()?;
        if metadata.bytes().trim_ascii_start().starts_with(b"{") {
            keras::judge_config(metadata, part, exam)?;
        }
    }
    Ok(())
}
