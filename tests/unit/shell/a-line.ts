/** A line of a journal as it is written: with its checksum. */
import { crc32 } from 'node:zlib';

export function lineOf(content: object | null): string {
  const text = JSON.stringify(content);
  return `${text} ${crc32(text).toString(16).padStart(8, '0')}\n`;
}
