// A Windows library (x64) of exports that only lead to another library's: nothing in it is code, so nothing compiles it.
// Named as in "PE Format" of Microsoft: a DOS header, a COFF header, an optional header, one section that holds the export table.

const RVA = 0x1000; // where the section is in memory
const HEAD = 512;

/** The bytes of library `dll`, whose `names` all are `target` ("library.export"). */
export function forwarder(dll, names, target) {
  const table = exportTable(dll, names.toSorted(), target);
  const section = Buffer.alloc(Math.ceil(table.length / 512) * 512);
  table.copy(section);
  return Buffer.concat([header(table.length, section.length), section]);
}

/** The names in order, as Windows looks them up. */
function exportTable(dll, names, target) {
  const count = names.length;
  const [addresses, listed, ordinals] = [40, 40 + 4 * count, 40 + 8 * count];
  const start = 40 + 10 * count;
  const texts = [dll, target, ...names];
  const [dllAt, targetAt, ...namesAt] = texts.map(
    (_, i) => RVA + start + Buffer.byteLength(texts.slice(0, i).join('\0')) + Number(i > 0),
  );
  const table = Buffer.alloc(start);
  const words = { 12: dllAt, 16: 1, 20: count, 24: count, 28: RVA + addresses, 32: RVA + listed, 36: RVA + ordinals };
  for (const [at, word] of Object.entries(words)) table.writeUInt32LE(word, Number(at));
  namesAt.forEach((nameAt, i) => {
    table.writeUInt32LE(targetAt, addresses + 4 * i);
    table.writeUInt32LE(nameAt, listed + 4 * i);
    table.writeUInt16LE(i, ordinals + 2 * i);
  });
  return Buffer.concat([table, Buffer.from(`${texts.join('\0')}\0`)]);
}

function header(used, size) {
  const head = Buffer.alloc(HEAD);
  const [coff, optional, section] = [68, 88, 328];
  head.write('MZ');
  head.write('PE\0\0', 64, 'latin1');
  head.write('.edata', section);
  const shorts = {
    [coff]: 0x8664, // x64
    [coff + 2]: 1, // sections
    [coff + 16]: section - optional,
    [coff + 18]: 0x2022, // an executable image, large addresses, a library
    [optional]: 0x20b, // 64 bit
    [optional + 40]: 6, // of Windows 6.0 on
    [optional + 48]: 6,
    [optional + 68]: 3, // console
    [optional + 70]: 0x160, // can be moved, holds no code to execute
  };
  const words = {
    60: 64, // where PE begins
    [optional + 8]: size,
    [optional + 32]: 0x1000, // alignment in memory, in the file
    [optional + 36]: 0x200,
    [optional + 56]: RVA + Math.ceil(size / 0x1000) * 0x1000, // size in memory
    [optional + 60]: HEAD,
    [optional + 108]: 16, // directories; the first is of the exports
    [optional + 112]: RVA,
    [optional + 116]: used,
    [section + 8]: used,
    [section + 12]: RVA,
    [section + 16]: size,
    [section + 20]: HEAD,
    [section + 36]: 0x40000040, // data that can be read
  };
  const longs = { 24: 0x180000000n, 72: 0x100000n, 80: 0x1000n, 88: 0x100000n, 96: 0x1000n }; // address; stack, heap
  for (const [at, short] of Object.entries(shorts)) head.writeUInt16LE(short, Number(at));
  for (const [at, word] of Object.entries(words)) head.writeUInt32LE(word, Number(at));
  for (const [at, long] of Object.entries(longs)) head.writeBigUInt64LE(long, optional + Number(at));
  return head;
}
