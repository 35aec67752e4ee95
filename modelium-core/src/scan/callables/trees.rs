//! Libraries whose classes are harmless to make.
//!
//! Making an object of a class in Python without calling it runs `__new__`, which classes of models leave as it is, and
//! gives it a state. Whole trees of classes are trusted with that, never with calls: a constructor may do anything.

use crate::scan::callables::act;

/// What a tree of classes is trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// `cls.__new__(cls)` and a state.
    Made,
    /// Its constructors too: they keep their arguments, as the contract of the library demands.
    Constructed,
}

use Trust::{Constructed, Made};

/// Trees, by the prefix of their modules.
const TREES: &[(&str, Trust)] = &[
    ("__torch__", Constructed),
    ("accelerate", Made),
    ("addict", Made),
    ("allennlp", Made),
    ("autogluon", Made),
    ("boruta", Made),
    ("box.box", Made),
    ("box.box_list", Made),
    ("catboost", Made),
    ("category_encoders", Made),
    ("causalml", Made),
    ("compressed_tensors", Made),
    ("darts", Made),
    ("deepspeed", Made),
    ("detectron2", Made),
    ("diffusers", Made),
    ("easydict", Made),
    ("econml", Made),
    ("espnet", Made),
    ("espnet2", Made),
    ("fairseq", Made),
    ("fastai", Made),
    ("fastcore", Made),
    ("feature_engine", Made),
    ("flair", Made),
    ("flax.core", Made),
    ("gensim", Made),
    ("gluonts", Made),
    ("gpytorch", Made),
    ("gym", Made),
    ("gymnasium", Made),
    ("hdbscan", Made),
    ("hmmlearn", Made),
    ("imblearn", Made),
    ("implicit", Made),
    ("interpret", Made),
    ("joblib.numpy_pickle", Made),
    ("kmodes", Made),
    ("lifelines", Made),
    ("lightfm", Made),
    ("lightgbm", Made),
    ("lightning", Made),
    ("lightning_fabric", Made),
    ("lightning_utilities", Made),
    ("linearmodels", Made),
    ("megatron", Made),
    ("mlxtend", Made),
    ("mmcv", Made),
    ("mmdet", Made),
    ("mmengine", Made),
    ("mmseg", Made),
    ("mord", Made),
    ("nemo", Made),
    ("networkx.classes", Made),
    ("neuralprophet", Made),
    ("ngboost", Made),
    ("nltk", Made),
    ("numpy.polynomial", Made),
    ("omegaconf", Made),
    ("open_clip", Made),
    ("optuna", Made),
    ("pandas", Made),
    ("peft", Made),
    ("pgmpy", Made),
    ("pmdarima", Made),
    ("polars.datatypes.classes", Made),
    ("prophet", Made),
    ("pycaret", Made),
    ("pyod", Made),
    ("pytorch_forecasting", Made),
    ("pytorch_lightning", Made),
    ("pytorch_tabnet", Made),
    ("quantile_forest", Made),
    ("river", Made),
    ("scipy.cluster", Made),
    ("scipy.integrate", Made),
    ("scipy.interpolate", Made),
    ("scipy.optimize", Made),
    ("scipy.signal", Made),
    ("scipy.sparse", Made),
    ("scipy.spatial", Made),
    ("scipy.stats", Made),
    ("sentence_transformers", Made),
    ("sentencepiece", Made),
    ("shap", Made),
    ("skl2onnx", Made),
    ("sklearn", Made),
    ("sklearn._loss", Constructed),
    ("sklearn.linear_model._sgd_fast", Constructed),
    ("sklearn.linear_model.sgd_fast", Constructed),
    ("sklearn.neighbors._quad_tree", Constructed),
    ("sklearn.tree._criterion", Constructed),
    ("sklearn.tree._splitter", Constructed),
    ("sklearn.tree._tree", Constructed),
    ("sklearn_crfsuite", Made),
    ("sklearn_extra", Made),
    ("sklearn_pandas", Made),
    ("skopt", Made),
    ("skorch", Made),
    ("sksurv", Made),
    ("sktime", Made),
    ("slicer", Made),
    ("spacy", Made),
    ("speechbrain", Made),
    ("stable_baselines3", Made),
    ("statsforecast", Made),
    ("statsmodels", Made),
    ("surprise", Made),
    ("tdc", Made),
    ("thop", Made),
    ("tianshou", Made),
    ("timm", Made),
    ("tokenizers", Made),
    ("torch", Made),
    ("torch_geometric", Made),
    ("torchaudio", Made),
    ("torchao", Made),
    ("torchmetrics", Made),
    ("torchtext", Made),
    ("torchvision", Made),
    ("tpot", Made),
    ("transformers", Made),
    ("trl", Made),
    ("tsfresh", Made),
    ("tslearn", Made),
    ("ultralytics", Made),
    ("umap", Made),
    ("xarray.core", Made),
    ("xgboost", Made),
    ("yellowbrick", Made),
];

/// What a class of that canonical path is trusted with; `None` if its library is not known, or it is known to act.
///
/// Whether it is a class cannot be seen from its name: what demands one (`__new__`) fails on anything else.
pub fn trust(path: &str) -> Option<Trust> {
    let (module, name) = path.rsplit_once('.')?;
    if name.starts_with("__") || act(path).is_some() {
        return None;
    }
    let below = |tree: &str| module.strip_prefix(tree).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    TREES.iter().filter(|(tree, _)| below(tree)).map(|(_, trust)| *trust).max()
}

/// True if the last step of a path is spelt like a class: a capital first, and no `__`.
pub fn is_class_name(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    let plain = name.trim_start_matches('_');
    plain.starts_with(|first: char| first.is_ascii_uppercase()) && !plain.contains("__")
}
