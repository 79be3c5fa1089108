/** Codes in a text, in every spelling that people paste: HRESULTs, NTSTATUSes, Win32 codes and what WMI methods return. */

export interface Code {
  /** As an HRESULT or NTSTATUS without sign; a Win32 code as its HRESULT; of WMI as it is. */
  readonly code: number;
  /** As it is written there. */
  readonly written: string;
}

/** Each once. `plain` is without what is only for a console. */
export function codesOf(plain: string): readonly Code[] {
  const asRead = codesInLine(plain.replace(/\s+/g, ' '));
  // Broken in two by the width of the console: only what is a whole code, a small number would be chance.
  const joined = codesInLine(plain.replace(/\n[ \t]*/g, '')).filter(({ code }) => code >= 2 ** 31 && !isWin32(code));
  const more = [...joined, ...brokenCodes(plain)].filter(({ code }) => !asRead.some((one) => one.code === code));
  const parts = asRead.filter(({ written }) => !more.some((one) => one.written.startsWith(written)));
  return [...new Map([...more, ...parts].map((one) => [one.code, one])).values()];
}

/** Broken by blanks: eight digits behind one 0x. */
const brokenCodes = (plain: string): readonly Code[] =>
  [...plain.matchAll(/(?<![\w.-])0x(?:[0-9a-f]\s{0,3}){7}[0-9a-f](?![0-9a-z])/gi)].flatMap(([written]) => {
    const whole = written.replace(/\s/g, '');
    const code = ofHex(whole);
    return code === undefined || whole === written ? [] : [{ code, written: whole }];
  });

/** With 0x or h, the suffixes of C, a sign, 64 bits; eight digits that begin as a failure does need no 0x. */
const numbers =
  /(?<![\w.-])(?:0x[0-9a-f]{1,16}|[8c][0-9a-f]{7}(?=h?(?![0-9a-z]))|-?\d{1,10})(?:u?l{1,2}|h)?(?![\w-]|\.\d)/gi;

/** A small number is a code only where it is said to be one, or is all there is. */
function codesInLine(text: string): readonly Code[] {
  // WinDbg writes 64 bits in two halves.
  const found = text.replace(/(?<=0x[0-9a-f]{8})`(?=[0-9a-f]{8})/gi, '').matchAll(numbers);
  return [...found].flatMap(({ 0: written, index }): Code[] => {
    const digits = written.replace(/(?:u?l{1,2}|h)$/i, '');
    const isHex = /^0x|^[8c][0-9a-f]{7}$/i.test(digits);
    const code = isHex ? ofHex(digits) : ofDecimal(Number(digits));
    if (code === undefined || code >= 2 ** 31) return code === undefined ? [] : [{ code, written }];
    const isSaid = isHex || written === text || said.test(text.slice(Math.max(0, index - 24), index));
    if (!isSaid || code <= 0) return [];
    if (code >= firstOfWmi && code <= lastOfWmi) return [{ code, written }];
    return code < 16000 ? [{ code: win32 + code, written }] : [];
  });
}

/** What stands before a code, in the languages of most who paste one. */
const said =
  /(?:error|code|win32|status|hresult|hr|returned|returnvalue|错误|代码|fehler|erreur|error de|código|ошибк\S*|エラー)\W{0,4}$/iu;

const win32 = 0x80070000;
const isWin32 = (code: number): boolean => Math.floor(code / 0x10000) === win32 / 0x10000;
/** What methods of Hyper-V return. */
const firstOfWmi = 32768;
const lastOfWmi = 32799;

function ofHex(written: string): number | undefined {
  const digits = written.replace(/^0x/i, '');
  // 64 bits of a signed 32-bit code.
  if (digits.length > 8 && !/^(?:f{8}|0+)(?=[0-9a-f]{8}$)/i.test(digits)) return undefined;
  const code = Number.parseInt(digits.slice(-8), 16);
  // An NTSTATUS that was made an HRESULT.
  return code >= 0xd0000000 && code < 0xe0000000 ? code - 0x10000000 : code;
}

function ofDecimal(number: number): number | undefined {
  const code = number < 0 ? number + 2 ** 32 : number;
  return code >= 0 && code < 2 ** 32 ? code : undefined;
}
