import assert from 'node:assert/strict';
import { crc32, inflateRawSync } from 'node:zlib';

/** As a reader of archives goes: from the end to the directory, and from there to each file. */
export function unzipped(zip: Buffer): readonly { readonly name: string; readonly text: string }[] {
  const end = zip.length - 22;
  assert.equal(zip.readUInt32LE(end), 0x06054b50);
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    assert.equal(zip.readUInt32LE(at), 0x02014b50);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    assert.equal(zip.readUInt32LE(local), 0x04034b50);
    assert.deepEqual(zip.subarray(local + 4, local + 30), zip.subarray(at + 6, at + 32));
    const from = local + 30 + nameLength + zip.readUInt16LE(local + 28);
    const content = inflateRawSync(zip.subarray(from, from + zip.readUInt32LE(at + 20)));
    assert.equal(content.length, zip.readUInt32LE(at + 24));
    assert.equal(crc32(content), zip.readUInt32LE(at + 16));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    return { name, text: content.toString('utf8') };
  });
}
