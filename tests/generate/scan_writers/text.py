"""spaCy and gensim."""

import io
import pickle

import gensim
import spacy

from . import folder, saved, tree

SENTENCES = [["cat", "sat", "mat"], ["dog", "ran", "mat"], ["cat", "ran"]] * 4


def files():
    english = spacy.blank("en")
    english.add_pipe("sentencizer")
    ruler = english.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Example"}])
    yield (
        "spacy_doc.spacy",
        "documents of spaCy",
        "spacy",
        spacy.tokens.DocBin(docs=[spacy.blank("en")("a cat sat")]).to_bytes(),
    )
    light = spacy.blank("xx")
    light.add_pipe("sentencizer")
    # the vocabulary's tables are large, the rest is what matters
    yield "spacy_folder", "a pipeline of spaCy", "spacy", saved(lambda path: light.to_disk(path, exclude=["vocab"]))
    from gensim.models import Doc2Vec, FastText, KeyedVectors, LdaModel, TfidfModel, Word2Vec
    from gensim.models.phrases import Phrases

    words = Word2Vec(SENTENCES, vector_size=4, min_count=1, workers=1, seed=1)
    vectors = KeyedVectors(2)
    vectors.add_vectors(["a", "b"], [[1, 2], [3, 4]])
    dictionary = gensim.corpora.Dictionary(SENTENCES)
    bags = [dictionary.doc2bow(sentence) for sentence in SENTENCES]
    for name, value in {
        "word2vec": words,
        "doc2vec": Doc2Vec(
            [gensim.models.doc2vec.TaggedDocument(s, [i]) for i, s in enumerate(SENTENCES)],
            vector_size=4,
            min_count=1,
            workers=1,
        ),
        "vectors": vectors,
        "dictionary": dictionary,
        "tfidf": TfidfModel(bags),
        "phrases": Phrases(SENTENCES, min_count=1),
        "lda": LdaModel(bags, num_topics=2, random_state=1, id2word=dictionary),
    }.items():
        data = saved(lambda path, value=value: value.save(str(path)))
        if isinstance(data, bytes):
            yield f"gensim_{name}.model", f"gensim {name}", "gensim", data
    with folder() as root:
        TfidfModel(bags).save(str(root / "tfidf.model"))
        LdaModel(bags, num_topics=2, random_state=1, id2word=dictionary).save(str(root / "lda.model"))
        yield "gensim_folder", "gensim's files beside each other", "gensim", tree(root)
    yield "gensim_pickle.pkl", "gensim vectors pickled", "gensim", pickle.dumps(vectors)
    with folder() as root:
        words.wv.save_word2vec_format(str(root / "w.bin"), binary=True)
        yield "word2vec.bin", "word2vec's binary format", "gensim", (root / "w.bin").read_bytes()
        words.wv.save_word2vec_format(str(root / "w.txt"))
        yield "word2vec.txt", "word2vec's text format", "gensim", (root / "w.txt").read_bytes()
    fast = FastText(SENTENCES, vector_size=4, min_count=1, workers=1, bucket=10)
    out = io.BytesIO()
    pickle.dump(fast, out)
    yield "fasttext.pkl", "gensim FastText pickled", "gensim", out.getvalue()
