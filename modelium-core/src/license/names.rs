//! What people write → SPDX identifiers.

/// A licence of models that SPDX does not list.
pub(super) struct ModelLicense {
    /// Its identifier, `LicenseRef-` left out.
    pub(super) id: &'static str,
    /// How cards and metadata spell it, in lower case.
    names: &'static [&'static str],
    /// Titles of its text, in lower-case words; one of them stands near the start.
    pub(super) titles: &'static [&'static str],
}

const fn row(id: &'static str, names: &'static [&'static str], titles: &'static [&'static str]) -> ModelLicense {
    ModelLicense { id, names, titles }
}

/// Licences of models by their names on the hub and by the titles of their texts. More special titles stand first.
pub(super) const MODELS: &[ModelLicense] = &[
    row("Llama-2-Community", &["llama2", "llama-2"], &["llama 2 community license agreement"]),
    row("Llama-3.1-Community", &["llama3.1", "llama-3.1"], &["llama 3 1 community license agreement"]),
    row("Llama-3.2-Community", &["llama3.2", "llama-3.2"], &["llama 3 2 community license agreement"]),
    row("Llama-3.3-Community", &["llama3.3", "llama-3.3"], &["llama 3 3 community license agreement"]),
    row("Llama-4-Community", &["llama4", "llama-4"], &["llama 4 community license agreement"]),
    row("Llama-3-Community", &["llama3", "llama-3"], &["meta llama 3 community license agreement"]),
    row("Gemma", &["gemma"], &["gemma terms of use"]),
    row("Health-AI-Developer", &["health-ai-developer-foundations"], &["health ai developer foundations terms of use"]),
    row("OpenRAIL-M-BigScience-BLOOM", &["bigscience-bloom-rail-1.0"], &["bigscience rail license v1 0"]),
    row("OpenRAIL-M-BigScience", &["bigscience-openrail-m"], &["bigscience openrail m", "bigscience open rail m"]),
    row("OpenRAIL-M-BigCode", &["bigcode-openrail-m"], &["bigcode open rail m", "bigcode openrail m"]),
    row(
        "CreativeML-OpenRAIL++-M",
        &["openrail++", "creativeml-openrail++-m"],
        &["creativeml open rail m license dated july 26 2023", "creativeml open rail m dated july 26 2023"],
    ),
    row("CreativeML-OpenRAIL-M", &["creativeml-openrail-m"], &["creativeml open rail m"]),
    row("OpenRAIL", &["openrail"], &[]),
    row("Apple-ASCL", &["apple-ascl"], &["apple sample code license"]),
    row(
        "Apple-AMLR",
        &["apple-amlr"],
        &[
            "apple machine learning research model license agreement",
            "apple machine learning research model is licensed",
        ],
    ),
    row("DeepSeek", &["deepseek", "deepseek-license"], &["deepseek license agreement"]),
    row(
        "Qwen-Research",
        &["qwen-research", "tongyi-qianwen-research"],
        &["qwen research license agreement", "tongyi qianwen research license agreement"],
    ),
    row(
        "Qwen",
        &["qwen", "tongyi-qianwen", "qianwen"],
        &["qwen license agreement", "tongyi qianwen license agreement"],
    ),
    row("Mistral-Research", &["mrl", "mistral-ai-research-license"], &["mistral ai research license"]),
    row(
        "Mistral-Non-Production",
        &["mnpl", "mistral-ai-non-production-license"],
        &["mistral ai non production license"],
    ),
    row("Falcon-180B", &["falcon-180b-tii-license"], &["falcon 180b tii license"]),
    row("Falcon-LLM", &["falcon-llm-license", "tii-falcon-llm"], &["falcon llm license", "tii falcon llm license"]),
    row(
        "Falcon-2",
        &["falcon-mamba-7b-license", "falcon-mamba-license", "tii-falcon-license"],
        &["tii falcon license 2 0", "falcon mamba 7b tii license"],
    ),
    row(
        "Stability-AI-Community",
        &["stabilityai-ai-community", "stability-ai-community", "stabilityai-community"],
        &["stability ai community license agreement"],
    ),
    row(
        "Stability-AI-NC-Research",
        &["stabilityai-nc-research-community", "stabilityai-non-commercial-research-community", "sai-nc-community"],
        &[
            "stability ai non commercial research community license agreement",
            "stabilityai non commercial research community license agreement",
        ],
    ),
    row("FLUX-1-dev-NC", &["flux-1-dev-non-commercial-license"], &["flux 1 dev non commercial license"]),
    row(
        "NVIDIA-Open-Model",
        &["nvidia-open-model-license", "nvidia-open-model-agreement"],
        &["nvidia open model license agreement", "nvidia open model license"],
    ),
    row("NVIDIA-NC", &["nvidia-noncommercial-license"], &["nvidia license"]),
    row("Yi", &["yi-license"], &["yi series models community license agreement", "yi series models license agreement"]),
    row(
        "Grok-2-Community",
        &["grok2-community"],
        &["grok 2 community license agreement", "xai community license agreement"],
    ),
    row("FAIR-NC-Research", &["fair-noncommercial-research-license"], &["fair noncommercial research license"]),
    row("DeepFloyd-IF", &["deepfloyd-if-license"], &["deepfloyd if license agreement"]),
    row("Jamba-Open-Model", &["jamba-open-model-license"], &["jamba open model license agreement"]),
    row("MIT-Modified", &["modified-mit"], &["modified mit license"]),
    row("H-Research", &["h-research"], &[]),
    row("Intel-Research", &["intel-research"], &["intel research use license agreement"]),
    row("Exaone", &["exaone"], &["exaone ai model license agreement"]),
    row("Hunyuan-Community", &["tencent-hunyuan-community"], &["tencent hunyuan community license agreement"]),
    row("Baichuan", &["baichuan-community"], &["baichuan community license"]),
];

/// Names on the hub, and in older metadata, that SPDX spells otherwise.
const SPELT: &[(&str, &str)] = &[
    ("apache", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache license 2.0", "Apache-2.0"),
    ("apache license, version 2.0", "Apache-2.0"),
    ("apache2", "Apache-2.0"),
    ("apache-2", "Apache-2.0"),
    ("mit license", "MIT"),
    ("the mit license", "MIT"),
    ("c-uda", "C-UDA-1.0"),
    ("bsd 3-clause", "BSD-3-Clause"),
    ("agpl-3.0", "AGPL-3.0-only"),
    ("gpl-2.0", "GPL-2.0-only"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("lgpl-2.1", "LGPL-2.1-only"),
    ("lgpl-3.0", "LGPL-3.0-only"),
    ("gpl-2.0+", "GPL-2.0-or-later"),
    ("gpl-3.0+", "GPL-3.0-or-later"),
    ("odc-by", "ODC-By-1.0"),
    ("odbl", "ODbL-1.0"),
    ("pddl", "PDDL-1.0"),
    ("zlib", "Zlib"),
    ("etalab-2.0", "etalab-2.0"),
    ("cc-by-nc-sa", "CC-BY-NC-SA-4.0"),
    ("cc0", "CC0-1.0"),
    ("openmdw", "OpenMDW-1.0"),
    ("lgpl-lr", "LGPLLR"),
    ("public domain", "LicenseRef-Public-Domain"),
    ("other", "LicenseRef-Other"),
    ("unknown", "LicenseRef-Unknown"),
    ("proprietary", "LicenseRef-Proprietary"),
];

/// The SPDX identifier or expression for what a file says; `LicenseRef-…` for what SPDX does not list.
pub fn spdx(said: &str) -> String {
    const LONGEST: usize = 100;
    let said = said.trim();
    let lower = said.to_ascii_lowercase();
    if let Some((_, id)) = SPELT.iter().find(|(name, _)| *name == lower) {
        return (*id).to_owned();
    }
    if let Some(license) = MODELS.iter().find(|license| license.names.contains(&lower.as_str())) {
        return license.reference();
    }
    if let Some(id) = listed(&lower) {
        return id.to_owned();
    }
    if let Ok(expression) = ::spdx::Expression::parse(said) {
        return expression.to_string();
    }
    let title = words(said);
    if let Some(license) = MODELS.iter().find(|license| license.titles.contains(&title.as_str())) {
        return license.reference();
    }
    let mut reference: String =
        said.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    reference.truncate(LONGEST);
    let reference = reference.trim_matches('-');
    format!("LicenseRef-{}", if reference.is_empty() { "Unknown" } else { reference })
}

/// The identifier of SPDX's list that is spelt like this but for the case of its letters, or has this full name.
fn listed(lower: &str) -> Option<&'static str> {
    let licenses = ::spdx::identifiers::LICENSES.iter();
    let same = |name: &str| name.eq_ignore_ascii_case(lower);
    licenses.into_iter().find(|license| same(license.name) || same(license.full_name)).map(|license| license.name)
}

impl ModelLicense {
    pub(super) fn reference(&self) -> String {
        format!("LicenseRef-{}", self.id.replace("++", "-Plus-Plus"))
    }
}

/// The words of a text in lower case, one blank between them; all but letters and digits parts words.
pub(super) fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().flat_map(char::to_lowercase));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_hub_become_identifiers() {
        for (said, id) in [
            ("apache-2.0", "Apache-2.0"),
            ("mit", "MIT"),
            ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
            ("gpl-3.0", "GPL-3.0-only"),
            ("llama3.1", "LicenseRef-Llama-3.1-Community"),
            ("gemma", "LicenseRef-Gemma"),
            ("openrail++", "LicenseRef-CreativeML-OpenRAIL-Plus-Plus-M"),
            ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
            ("Qwen RESEARCH LICENSE AGREEMENT", "LicenseRef-Qwen-Research"),
            ("my own (v2)", "LicenseRef-my-own--v2"),
        ] {
            assert_eq!(spdx(said), id, "{said}");
        }
    }
}
