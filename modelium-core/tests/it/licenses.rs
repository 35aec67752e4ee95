//! Texts of licences: told as SPDX has them, and as people keep them.

use modelium_core::license::text::{LISTED, compare, encode};

use crate::support::repository;

fn text(id: &str) -> &'static str {
    spdx::license_id(id).unwrap_or_else(|| panic!("SPDX lists {id}")).text()
}

#[test]
fn fingerprints_are_those_of_the_texts_of_spdx() {
    let path = repository("modelium-core/src/license/fingerprints.bin");
    let made = encode(LISTED.iter().map(|id| text(id)));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    assert!(std::fs::read(&path).unwrap() == made, "fingerprints.bin is old; run `make bless`");
}

#[test]
fn every_listed_text_is_told_from_every_other() {
    for id in LISTED {
        let matched = compare(text(id)).unwrap_or_else(|| panic!("{id} is not told"));
        assert_eq!((matched.spdx.as_str(), matched.similarity), (*id, 100));
    }
}

#[test]
fn texts_that_are_not_listed_are_not_taken_for_listed_ones() {
    // the same words under another name, or one sentence more
    const SAME: &[&str] = &[
        "AGPL-3.0",
        "GPL-2.0",
        "GPL-3.0",
        "LGPL-2.1",
        "LGPL-3.0",
        "GFDL-1.3",
        "GPL-2.0+",
        "GPL-3.0+",
        "LGPL-2.1+",
        "LGPL-3.0+",
        "MPL-2.0-no-copyleft-exception",
        "OFL-1.1-RFN",
        "OFL-1.1-no-RFN",
    ];
    let mut wrong = Vec::new();
    for (id, text) in spdx::text::LICENSE_TEXTS {
        let known = LISTED.contains(id) || SAME.contains(id) || id.ends_with("-or-later") || id.starts_with("GFDL-1.3");
        if let Some(matched) = compare(text).filter(|matched| !known && matched.similarity >= 97) {
            wrong.push(format!("{id} is taken for {} ({} %)", matched.spdx, matched.similarity));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn owners_years_and_line_breaks_do_not_matter() {
    let mit = text("MIT").replace("<year> <copyright holders>", "2024 Somebody GmbH, Somewhere");
    let broken = format!("The MIT License\n\n{}", mit.split_whitespace().collect::<Vec<_>>().join("\n"));
    assert_eq!(compare(&mit).unwrap().spdx, "MIT");
    assert_eq!(compare(&broken).unwrap().spdx, "MIT");
    let apache = text("Apache-2.0").replace("[yyyy]", "2023").replace("[name of copyright owner]", "A. U. Thor");
    assert_eq!(compare(&apache).unwrap().spdx, "Apache-2.0");
}

#[test]
fn licences_of_models_are_told_by_their_titles() {
    for (start, id) in [
        (
            "META LLAMA 3 COMMUNITY LICENSE AGREEMENT\nMeta Llama 3 Version Release Date: April 18, 2024\n",
            "LicenseRef-Llama-3-Community",
        ),
        (
            "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024\n",
            "LicenseRef-Llama-3.1-Community",
        ),
        ("# Gemma Terms of Use\n\nLast modified: April 1, 2024\n", "LicenseRef-Gemma"),
        (
            "Copyright (c) 2022 Robin Rombach\n\nCreativeML Open RAIL-M\ndated August 22, 2022\n",
            "LicenseRef-CreativeML-OpenRAIL-M",
        ),
        (
            "Qwen RESEARCH LICENSE AGREEMENT\n\nQwen RESEARCH LICENSE AGREEMENT Release Date: September 19, 2024\n",
            "LicenseRef-Qwen-Research",
        ),
    ] {
        assert_eq!(compare(start).map(|matched| matched.spdx).as_deref(), Some(id));
    }
    assert_eq!(compare("All of this is mine. Do not touch it."), None);
}
