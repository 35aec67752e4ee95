//! A record with the fields that it does not declare: what a newer writer added must come out as it went in.

use bytes::{Buf, BufMut, Bytes};
use prost::encoding::{self, DecodeContext, WireType as ProstWire};
use prost::{DecodeError, Message};

use crate::wire::protobuf::{WireType, split_values};

/// A record and its undeclared fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Kept<M> {
    pub(super) known: M,
    pub(super) others: Vec<Other>,
}

/// A field as it is encoded.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Other {
    pub(super) field: u32,
    pub(super) wire: WireType,
    pub(super) values: Values,
}

/// The values of an undeclared field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    /// One length-delimited value: a window of the file.
    Window(Bytes),
    /// Single numbers that followed each other, back to back without their tags.
    Numbers(Vec<u8>),
}

impl Other {
    /// Its single values as they are encoded.
    fn each(&self) -> impl Iterator<Item = &[u8]> {
        split_values(
            self.wire,
            match &self.values {
                Values::Window(bytes) => bytes,
                Values::Numbers(bytes) => bytes,
            },
        )
    }
}

/// The numbers of the fields that a record declares.
pub(super) trait Declared {
    const FIELDS: &'static [u32];
}

impl<M: Message + Default + Declared> Message for Kept<M> {
    fn merge_field(
        &mut self,
        field: u32,
        wire: ProstWire,
        buf: &mut impl Buf,
        cx: DecodeContext,
    ) -> Result<(), DecodeError> {
        if M::FIELDS.contains(&field) {
            return self.known.merge_field(field, wire, buf, cx);
        }
        let mut number = [0_u8; 10];
        let mut rest = &mut number[..];
        let kept = match wire {
            ProstWire::LengthDelimited => {
                let mut window = Bytes::new();
                encoding::bytes::merge(wire, &mut window, buf, cx)?;
                self.others.push(Other { field, wire: WireType::Len, values: Values::Window(window) });
                return Ok(());
            }
            ProstWire::Varint => {
                encoding::encode_varint(encoding::decode_varint(buf)?, &mut rest);
                WireType::Varint
            }
            ProstWire::SixtyFourBit => {
                let mut value = 0;
                encoding::fixed64::merge(wire, &mut value, buf, cx)?;
                rest.put_u64_le(value);
                WireType::Fixed64
            }
            ProstWire::ThirtyTwoBit => {
                let mut value = 0;
                encoding::fixed32::merge(wire, &mut value, buf, cx)?;
                rest.put_u32_le(value);
                WireType::Fixed32
            }
            ProstWire::StartGroup | ProstWire::EndGroup => return encoding::skip_field(wire, field, buf, cx),
        };
        let unused = rest.len();
        let before = self.others.pop_if(|last| last.field == field && last.wire == kept);
        let mut run = match before {
            Some(Other { values: Values::Numbers(run), .. }) => run,
            _ => Vec::new(),
        };
        run.extend(number.iter().take(number.len().saturating_sub(unused)));
        self.others.push(Other { field, wire: kept, values: Values::Numbers(run) });
        Ok(())
    }

    /// Writes the declared fields first. Files are written by the exporter, which keeps all fields in order.
    fn encode_raw(&self, buf: &mut impl BufMut) {
        self.known.encode_raw(buf);
        for other in &self.others {
            for value in other.each() {
                encoding::encode_varint(u64::from(other.field) << 3 | u64::from(other.wire.code()), buf);
                if other.wire == WireType::Len {
                    encoding::encode_varint(value.len() as u64, buf);
                }
                buf.put_slice(value);
            }
        }
    }

    fn encoded_len(&self) -> usize {
        let tagged = |other: &Other, value: &[u8]| {
            let length = if other.wire == WireType::Len { encoding::encoded_len_varint(value.len() as u64) } else { 0 };
            encoding::key_len(other.field).saturating_add(length).saturating_add(value.len())
        };
        let others = self.others.iter().flat_map(|other| other.each().map(move |value| tagged(other, value)));
        others.fold(self.known.encoded_len(), usize::saturating_add)
    }

    fn clear(&mut self) {
        self.known.clear();
        self.others.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, PartialEq, Message)]
    struct Small {
        #[prost(int64, optional, tag = "1")]
        a: Option<i64>,
    }

    impl Declared for Small {
        const FIELDS: &'static [u32] = &[1];
    }

    #[test]
    fn fields_that_are_not_declared_come_out_as_they_went_in() {
        // a = 5; field 9 twice as varints 1 and 300; field 10 = "xy"; field 9 = 2; field 11 as 4 bytes
        let bytes = [0x08, 5, 0x48, 1, 0x48, 0xac, 2, 0x52, 2, b'x', b'y', 0x48, 2, 0x5d, 1, 2, 3, 4];
        let record = Kept::<Small>::decode(&bytes[..]).unwrap();
        assert_eq!(record.known.a, Some(5));
        assert_eq!(record.others.iter().map(|other| other.field).collect::<Vec<_>>(), [9, 10, 9, 11]);
        assert_eq!(record.others[0].values, Values::Numbers(vec![1, 0xac, 2]));
        assert_eq!(record.encode_to_vec(), bytes);
    }
}
