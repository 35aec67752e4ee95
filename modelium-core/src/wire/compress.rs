//! Compressed streams: zlib, gzip, bzip2, xz, lzma, zstd and lz4, told by their first bytes and inflated under a cap.
//!
//! The decoders are crates; what is ours is the frame around them: which codec it is, how much may come out, where it
//! broke, and how many bytes of the input belong to the stream. Streams that follow one another are one, as Python's
//! `gzip`, `bz2` and `lzma` read them; what stands behind the last one is counted, never read.

use std::fmt;
use std::io::{ErrorKind as IoKind, Read};

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, ErrorKind, Location, Result};

/// Bytes that one stored byte honestly inflates to at most; what exceeds it from [`BOMB_FLOOR`] on is built to exhaust.
const BOMB_RATIO: u64 = 200;
/// Below this no ratio hurts anybody.
const BOMB_FLOOR: u64 = 32 << 20;
/// The dictionary that xz and lzma may ask for, in KiB: `xz -9` takes 64 MiB.
const DICTIONARY_KIB: u32 = 256 << 10;
/// The window that zstd may ask for: `zstd --ultra --long=27`.
const WINDOW: u64 = 128 << 20;

/// A compressed encoding that is a file by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Codec {
    /// RFC 1950.
    Zlib,
    /// RFC 1952.
    Gzip,
    /// bzip2.
    Bzip2,
    /// The `.xz` container.
    Xz,
    /// The older `.lzma` file, which has no magic number.
    Lzma,
    /// RFC 8878.
    Zstd,
    /// The lz4 frame.
    Lz4,
    /// RFC 1951 without a frame, as zip members are; never told by its bytes.
    Deflate,
    /// lzma as zip members hold it: a version, the properties, the stream; never told by its bytes.
    LzmaZip,
}

/// What came out of a stream.
#[derive(Debug)]
pub struct Inflated {
    /// The bytes.
    pub blob: Blob,
    /// Bytes of the input that were the stream; others follow it if the input is longer.
    pub consumed: u64,
}

/// Why a stream cannot be inflated.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum CompressError {
    #[error("the {codec} stream is broken: {reason}")]
    Corrupt { codec: Codec, at: Location, reason: String },
    #[error("the {codec} stream ends too early")]
    CutOff { codec: Codec, at: Location },
    #[error("{stored} bytes of {codec} inflate to more than {cap}; raise Limits::inflated_bytes to read them")]
    Bomb { codec: Codec, at: Location, stored: u64, cap: u64 },
    #[error("the {codec} stream asks for a larger window than is granted")]
    Window { codec: Codec, at: Location },
}

impl Classify for CompressError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Corrupt { .. } | Self::CutOff { .. } => ErrorKind::Malformed,
            Self::Bomb { .. } | Self::Window { .. } => ErrorKind::LimitExceeded,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Corrupt { at, .. } | Self::CutOff { at, .. } | Self::Bomb { at, .. } | Self::Window { at, .. } => {
                at.clone()
            }
        }
    }
}

impl Codec {
    /// The codec whose stream these bytes begin with.
    ///
    /// zlib and lzma have no magic number; their headers are checked as far as they go, so that few other files pass.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, 8, flags, ..] if flags & 0xe0 == 0 => Some(Self::Gzip),
            // the magic number of the first block, or of the end where there is none
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
                if rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17\x72\x45\x38\x50\x90") =>
            {
                Some(Self::Bzip2)
            }
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [0x04, 0x22, 0x4d, 0x18, flags, ..] if flags >> 6 == 1 => Some(Self::Lz4),
            [first, second, third, ..] if is_zlib(*first, *second, *third) => Some(Self::Zlib),
            _ => is_lzma(bytes).then_some(Self::Lzma),
        }
    }

    /// Its name as messages spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zlib => "zlib",
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lzma | Self::LzmaZip => "lzma",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
            Self::Deflate => "deflate",
        }
    }
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn is_zlib(first: u8, second: u8, third: u8) -> bool {
    let header = u16::from_be_bytes([first, second]);
    // deflate with a window of at most 32 KiB, no preset dictionary, a check that divides, a kind of block that exists
    first & 0x0f == 8 && first >> 4 <= 7 && second & 0x20 == 0 && header.is_multiple_of(31) && third & 0x06 != 0x06
}

/// Header of a `.lzma` file: properties, dictionary size, size; the range coder begins with a zero.
fn is_lzma(bytes: &[u8]) -> bool {
    let Some((&[0x5d, a, b, c, d, ref size @ .., 0], _)) = bytes.split_first_chunk::<14>() else { return false };
    let dictionary = u32::from_le_bytes([a, b, c, d]);
    let size = size.first_chunk().map_or(0, |size| u64::from_le_bytes(*size));
    // encoders write powers of two, or the sum of two
    let dictionary_is_usual = dictionary >= 1 << 12 && dictionary.count_ones() <= 2;
    dictionary_is_usual && (size == u64::MAX || size < 1 << 40)
}

/// True if so many bytes from so few were made to exhaust whoever inflates them.
pub fn is_bomb(stored: u64, inflated: u64) -> bool {
    inflated > honest_most(stored)
}

/// The most that so many stored bytes inflate to in honest files.
pub fn honest_most(stored: u64) -> u64 {
    stored.saturating_mul(BOMB_RATIO).max(BOMB_FLOOR)
}

/// Inflates a stream; bytes behind it are left alone.
///
/// # Errors
/// `Malformed` with the byte where the stream breaks; `LimitExceeded` for more than `cap` bytes, or a window that no
/// honest stream needs; `Cancelled`.
pub fn inflate(codec: Codec, blob: &Blob, cap: u64, cx: &Context) -> Result<Blob> {
    Ok(inflate_prefix(codec, blob, cap, cx)?.blob)
}

/// Inflates a stream, and says how much of the input was the stream.
///
/// # Errors
/// As [`inflate`].
pub fn inflate_prefix(codec: Codec, blob: &Blob, cap: u64, cx: &Context) -> Result<Inflated> {
    let mut out = Out { codec, blob, cap, cx, bytes: Vec::new() };
    let mut rest: &[u8] = blob;
    loop {
        out.stream(&mut rest)?;
        let next = skip_padding(codec, rest);
        if next.is_empty() || Codec::sniff(next) != Some(codec) || matches!(codec, Codec::Zlib | Codec::Lzma) {
            break;
        }
        rest = next;
    }
    if matches!(codec, Codec::Gzip | Codec::Xz) && skip_padding(codec, rest).is_empty() {
        rest = &[];
    }
    let consumed = blob.len().saturating_sub(rest.len() as u64);
    Ok(Inflated { blob: Blob::from_bytes(blob.name(), out.bytes), consumed })
}

/// The first bytes of what a stream inflates to: at most `most`, fewer where it is shorter or breaks.
pub fn inflate_head(codec: Codec, blob: &Blob, most: usize) -> Vec<u8> {
    let input: &[u8] = blob;
    let reader: Option<Box<dyn Read + '_>> = match codec {
        Codec::Zlib => Some(Box::new(flate2::bufread::ZlibDecoder::new(input))),
        Codec::Gzip => Some(Box::new(flate2::bufread::GzDecoder::new(input))),
        Codec::Deflate => Some(Box::new(flate2::bufread::DeflateDecoder::new(input))),
        Codec::Bzip2 => Some(Box::new(bzip2::bufread::BzDecoder::new(input))),
        Codec::Xz => Some(Box::new(lzma_rust2::XzReader::new_mem_limit(input, false, DICTIONARY_KIB))),
        Codec::Lzma => match lzma_rust2::LzmaReader::new_mem_limit(input, DICTIONARY_KIB, None) {
            Ok(reader) => Some(Box::new(reader)),
            Err(_) => None,
        },
        Codec::Zstd => match ruzstd::decoding::StreamingDecoder::new_with_max_window_size(input, WINDOW) {
            Ok(reader) => Some(Box::new(reader)),
            Err(_) => None,
        },
        Codec::Lz4 => Some(Box::new(lz4_flex::frame::FrameDecoder::new(input))),
        Codec::LzmaZip => None,
    };
    let mut head = Vec::new();
    if let Some(mut reader) = reader {
        let mut buffer = [0_u8; 4096];
        while head.len() < most {
            let Ok(count @ 1..) = reader.read(&mut buffer) else { break };
            head.extend_from_slice(buffer.get(..count).unwrap_or_default());
        }
        head.truncate(most);
    }
    head
}

/// Zeros between and behind the streams of tape-age formats.
fn skip_padding(codec: Codec, rest: &[u8]) -> &[u8] {
    if !matches!(codec, Codec::Gzip | Codec::Xz) {
        return rest;
    }
    let zeros = rest.iter().take_while(|byte| **byte == 0).count();
    rest.get(zeros..).unwrap_or_default()
}

/// What came out so far, and the limits on what may come.
struct Out<'a> {
    codec: Codec,
    blob: &'a Blob,
    cap: u64,
    cx: &'a Context,
    bytes: Vec<u8>,
}

impl Out<'_> {
    /// Inflates one stream and moves `rest` behind it.
    fn stream(&mut self, rest: &mut &[u8]) -> Result<()> {
        let start = *rest;
        let mut ahead = 0;
        let end = match self.codec {
            Codec::Zlib => self.drain(&mut flate2::bufread::ZlibDecoder::new(&mut *rest)),
            Codec::Gzip => self.drain(&mut flate2::bufread::GzDecoder::new(&mut *rest)),
            Codec::Deflate => self.drain(&mut flate2::bufread::DeflateDecoder::new(&mut *rest)),
            Codec::Bzip2 => self.drain(&mut bzip2::bufread::BzDecoder::new(&mut *rest)),
            Codec::Xz => self.drain(&mut lzma_rust2::XzReader::new_mem_limit(&mut *rest, false, DICTIONARY_KIB)),
            Codec::Lzma => match lzma_rust2::LzmaReader::new_mem_limit(&mut *rest, DICTIONARY_KIB, None) {
                Ok(mut reader) => {
                    let end = self.drain(&mut reader);
                    // the decoder reads ahead
                    ahead = reader.into_parts().1.len();
                    end
                }
                Err(cause) => Ok(Err(cause)),
            },
            Codec::LzmaZip => match lzma_of_zip(rest) {
                Ok(mut reader) => self.drain(&mut reader),
                Err(cause) => Ok(Err(cause)),
            },
            Codec::Zstd => match ruzstd::decoding::StreamingDecoder::new_with_max_window_size(&mut *rest, WINDOW) {
                Ok(mut reader) => self.drain(&mut reader),
                Err(cause) => Ok(Err(std::io::Error::other(cause.to_string()))),
            },
            Codec::Lz4 => self.drain(&mut lz4_flex::frame::FrameDecoder::new(&mut *rest)),
        };
        let consumed = start.len().saturating_sub(rest.len()).saturating_sub(ahead);
        *rest = start.get(consumed..).unwrap_or_default();
        let at = self.blob.location(self.blob.len().saturating_sub(rest.len() as u64));
        match end? {
            // a frame without its end mark is cut off; its decoder takes that for an end
            Ok(()) if self.codec == Codec::Lz4 && !lz4_ends(start.get(..consumed).unwrap_or_default()) => {
                Err(CompressError::CutOff { codec: self.codec, at }.into())
            }
            Ok(()) => Ok(()),
            Err(cause) => Err(self.fault(&cause, at).into()),
        }
    }

    /// Takes everything that a decoder has; the inner result is the decoder's.
    fn drain(&mut self, reader: &mut impl Read) -> Result<std::io::Result<()>> {
        let mut buffer = vec![0_u8; 1 << 16];
        loop {
            let chunk = match reader.read(&mut buffer) {
                Ok(count) => buffer.get(..count).unwrap_or_default(),
                Err(cause) if cause.kind() == IoKind::Interrupted => continue,
                Err(cause) => return Ok(Err(cause)),
            };
            if chunk.is_empty() {
                return Ok(Ok(()));
            }
            if (self.bytes.len() as u64).saturating_add(chunk.len() as u64) > self.cap {
                let (codec, stored, cap) = (self.codec, self.blob.len(), self.cap);
                let at = Location::file(self.blob.name());
                return Err(CompressError::Bomb { codec, at, stored, cap }.into());
            }
            self.bytes.extend_from_slice(chunk);
            self.cx.tick("inflate", self.bytes.len() as u64, 0)?;
        }
    }

    fn fault(&self, cause: &std::io::Error, at: Location) -> CompressError {
        let codec = self.codec;
        match cause.kind() {
            IoKind::UnexpectedEof => CompressError::CutOff { codec, at },
            IoKind::OutOfMemory => CompressError::Window { codec, at },
            _ => {
                let reason = cause.to_string();
                if reason.contains("window_size is too big") || reason.contains("mem_limit") {
                    return CompressError::Window { codec, at };
                }
                CompressError::Corrupt { codec, at, reason: lower_first(reason.trim_end_matches('.')) }
            }
        }
    }
}

/// Two bytes of version, two that count the properties, the properties, the stream, which ends with a mark.
fn lzma_of_zip<'a, 'b>(rest: &'a mut &'b [u8]) -> std::io::Result<lzma_rust2::LzmaReader<&'a mut &'b [u8]>> {
    let mut head = [0_u8; 9];
    rest.read_exact(&mut head)?;
    let [_, _, 5, 0, properties, a, b, c, d] = head else {
        return Err(std::io::Error::other("its properties are not five bytes"));
    };
    let dictionary = u32::from_le_bytes([a, b, c, d]);
    if dictionary >> 10 > DICTIONARY_KIB {
        return Err(IoKind::OutOfMemory.into());
    }
    lzma_rust2::LzmaReader::new_with_props(rest, u64::MAX, properties, dictionary, None)
}

/// True if the blocks of a frame lead to its end mark.
fn lz4_ends(frame: &[u8]) -> bool {
    let Some(flags) = frame.get(4) else { return false };
    let has = |bit: u8, bytes: usize| if flags & bit == 0 { 0 } else { bytes };
    // magic, flags, block size, content size, dictionary, check
    let mut at = 7_usize.saturating_add(has(8, 8)).saturating_add(has(1, 4));
    while let Some(size) = frame.get(at..).and_then(|rest| rest.first_chunk()) {
        let bytes = u32::from_le_bytes(*size) & 0x7fff_ffff;
        at = at.saturating_add(4);
        if bytes == 0 {
            return frame.len() >= at.saturating_add(has(4, 4));
        }
        at = at.saturating_add(usize::try_from(bytes).unwrap_or(usize::MAX)).saturating_add(has(16, 4));
    }
    false
}

/// Our messages start in lower case.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `b"modelium " * 3` as Python 3.11's `zlib`, `gzip` (mtime 0), `bz2` and `lzma` write it, zstd 1.5 and lz4 4.4.
    const TEXT: &[u8] = b"modelium modelium modelium ";
    const STREAMS: &[(Codec, &[u8])] = &[
        (
            Codec::Zlib,
            b"\x78\x9c\xcb\xcd\x4f\x49\xcd\xc9\x2c\xcd\x55\xc8\xc5\x60\x00\x00\x95\xaf\x0a\x75",
        ),
        (
            Codec::Gzip,
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\xcd\x4f\x49\xcd\xc9\x2c\xcd\x55\xc8\xc5\x60\x00\x00\x68\xb7\xfa\x64\x1b\x00\x00\x00",
        ),
        (
            Codec::Bzip2,
            b"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xd8\x62\x81\xb0\x00\x00\x0a\x11\x80\x40\x00\x06\x26\x82\x00\x20\x00\x22\xbf\xd5\x23\x34\x84\x30\x23\x11\xe4\x63\x51\x1a\xf8\xbb\x92\x29\xc2\x84\x86\xc3\x14\x0d\x80",
        ),
        (
            Codec::Xz,
            b"\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\xe0\x00\x1a\x00\x10\x5d\x00\x36\x9b\xc8\xb0\x57\x1a\x14\x23\x78\x2f\x25\x38\xb4\x38\x00\x00\x00\xe0\x26\x6a\xb4\x3d\x64\x7b\x98\x00\x01\x2c\x1b\x69\x17\xd2\x93\x1f\xb6\xf3\x7d\x01\x00\x00\x00\x00\x04\x59\x5a",
        ),
        (
            Codec::Lzma,
            b"\x5d\x00\x00\x80\x00\xff\xff\xff\xff\xff\xff\xff\xff\x00\x36\x9b\xc8\xb0\x57\x1a\x14\x23\x78\x2f\x25\x38\xf1\x92\x83\xff\xff\xe3\x27\x80\x00",
        ),
        (
            Codec::Zstd,
            b"\x28\xb5\x2f\xfd\x24\x1b\x7d\x00\x00\x48\x6d\x6f\x64\x65\x6c\x69\x75\x6d\x20\x01\x00\xf4\xca\x11\xf5\x11\x5a\x98",
        ),
        (
            Codec::Lz4,
            b"\x04\x22\x4d\x18\x6c\x40\x1b\x00\x00\x00\x00\x00\x00\x00\xd7\x12\x00\x00\x00\x99\x6d\x6f\x64\x65\x6c\x69\x75\x6d\x20\x09\x00\x50\x6c\x69\x75\x6d\x20\x00\x00\x00\x00\xc7\xc1\x4f\xb1",
        ),
    ];

    fn blob(bytes: &[u8]) -> Blob {
        Blob::from_bytes("stream", bytes.to_vec())
    }

    #[test]
    fn each_codec_is_told_and_inflates() {
        for (codec, bytes) in STREAMS {
            assert_eq!(Codec::sniff(bytes), Some(*codec));
            let out = inflate_prefix(*codec, &blob(bytes), 100, &Context::new()).unwrap();
            assert_eq!((&*out.blob, out.consumed), (TEXT, bytes.len() as u64), "{codec}");
        }
    }

    #[test]
    fn bytes_behind_a_stream_are_counted_and_not_read() {
        for (codec, bytes) in STREAMS {
            let out = inflate_prefix(*codec, &blob(&[bytes, &b"rest"[..]].concat()), 100, &Context::new()).unwrap();
            assert_eq!((&*out.blob, out.consumed), (TEXT, bytes.len() as u64), "{codec}");
        }
    }

    #[test]
    fn streams_that_follow_one_another_are_one() {
        for (codec, bytes) in STREAMS.iter().filter(|(codec, _)| !matches!(codec, Codec::Zlib | Codec::Lzma)) {
            let out = inflate(*codec, &blob(&bytes.repeat(2)), 100, &Context::new()).unwrap();
            assert_eq!(&*out, TEXT.repeat(2), "{codec}");
        }
    }

    #[test]
    fn a_stream_that_is_cut_off_is_malformed() {
        for (codec, bytes) in STREAMS {
            for end in 6..bytes.len() - 1 {
                // what follows the last byte of lzma's range coder is slack
                if let Err(error) = inflate(*codec, &blob(&bytes[..end]), 100, &Context::new()) {
                    assert_eq!(error.kind(), ErrorKind::Malformed, "{codec} {end} {error}");
                } else {
                    assert!(*codec == Codec::Lzma && end + 6 > bytes.len(), "{codec} cut to {end} bytes");
                }
            }
        }
    }

    #[test]
    fn the_cap_holds() {
        for (codec, bytes) in STREAMS {
            let error = inflate(*codec, &blob(bytes), 26, &Context::new()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{codec} {error}");
        }
    }

    #[test]
    fn pickles_arrays_and_text_are_no_streams() {
        for bytes in
            [&b"\x80\x04\x95\x10"[..], b"\x93NUMPY\x01\x00", b"x = 1", b"x\x9c\xff", b"BZh9 is a word", b"]\0\0"]
        {
            assert_eq!(Codec::sniff(bytes), None, "{bytes:?}");
        }
    }
}
