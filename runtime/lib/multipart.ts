import { badRequest } from "./errors.ts";

/**
 * Reads and edits the fields of a `multipart/form-data` body (RFC 7578, 2046) as bytes. What files
 * hold is searched for the boundary and not looked at otherwise.
 *
 * What two readers could understand in two ways is refused, so that a form cannot mean one thing
 * here and another at the provider. Envoy's first filter reads forms by the same rules
 * (`runtime/controller/xds/lua/form.ts`).
 */
export interface Form {
  bytes: Buffer;
  boundary: string;
  parts: FormPart[];
  /** Of the boundary that closes the form. */
  closing: number;
}

/** Offsets into the form's bytes. */
export interface FormPart {
  name: string;
  /** False for files, and for what is encoded. */
  plain: boolean;
  /** Of the boundary before the part. */
  from: number;
  /** Of the part's content. */
  start: number;
  end: number;
}

const MAX_PART_HEAD = 16_384;
const LF = 0x0a;
const CR = 0x0d;

/** @throws {UserError} 400 when the content type is no form's, or the bytes are no valid form. */
export function scanForm(bytes: Buffer, contentType: string | undefined): Form {
  const boundary = boundaryOf(contentType);
  const delimiter = Buffer.from(`--${boundary}`, "latin1");
  const parts: FormPart[] = [];
  let open: FormPart | undefined;
  let at = 0;
  for (;;) {
    const from = bytes.indexOf(delimiter, at);
    if (from < 0) throw notAForm();
    const before = bytes[from - 1];
    if (open !== undefined && before !== LF && before !== CR) {
      at = from + 1;
      continue;
    }
    if (from > 0 && !(before === LF && bytes[from - 2] === CR)) throw notAForm();
    if (open === undefined && from !== 0 && from !== 2) throw notAForm();
    if (open !== undefined) {
      open.end = from - 2;
      if (open.end < open.start) throw notAForm();
    }
    let after = from + delimiter.length;
    const closes = bytes.toString("latin1", after, after + 2) === "--";
    if (closes) after += 2;
    while (bytes[after] === 0x20 || bytes[after] === 0x09) after += 1;
    if (closes) {
      for (; after < bytes.length; after += 1) {
        if (bytes[after] !== CR && bytes[after] !== LF) throw notAForm();
      }
      return { bytes, boundary, parts, closing: from };
    }
    if (bytes[after] !== CR || bytes[after + 1] !== LF) throw notAForm();
    open = openPart(bytes, from, after + 2);
    parts.push(open);
    at = open.start;
  }
}

/**
 * The one plain field of this name; undefined where there is none.
 * @throws {UserError} 400 when it is a file, or could be meant twice.
 */
export function formField({ parts }: Form, name: string): FormPart | undefined {
  const [part, second] = parts.filter((candidate) => readsAs(candidate.name, name));
  if (part === undefined) return undefined;
  if (second !== undefined) throw badRequest(`the form has more than one "${name}"`, name);
  if (part.name !== name || !part.plain) {
    throw badRequest(`"${name}" must be a plain field of the form`, name);
  }
  return part;
}

/** The text of a field; undefined where there is none. @throws {UserError} like {@link formField}. */
export function formText(form: Form, name: string): string | undefined {
  const part = formField(form, name);
  return part && form.bytes.toString("utf8", part.start, part.end);
}

/**
 * The form with fields set and removed; all other bytes stay. A field that is set keeps its place,
 * or comes last where there was none.
 * @throws {UserError} like {@link formField}.
 */
export function editForm(form: Form, edit: ReadonlyMap<string, string | undefined>): Buffer {
  const { bytes, boundary, parts, closing } = form;
  const pieces: (Buffer | string)[] = [bytes.subarray(0, parts[0]?.from ?? closing)];
  const edits = new Map([...edit].map(([name, content]) => [formField(form, name), content]));
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1]?.from ?? closing;
    const content = edits.get(part);
    if (content !== undefined) {
      pieces.push(bytes.subarray(part.from, part.start), content, bytes.subarray(part.end, next));
    } else if (!edits.has(part)) {
      pieces.push(bytes.subarray(part.from, next));
    }
  }
  for (const [name, content] of edit) {
    if (content === undefined || formField(form, name) !== undefined) continue;
    const head = `Content-Disposition: form-data; name="${name}"`;
    pieces.push(`--${boundary}\r\n${head}\r\n\r\n${content}\r\n`);
  }
  pieces.push(bytes.subarray(closing));
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}

function boundaryOf(contentType: string | undefined): string {
  const type = /^[ \t]*multipart\/form-data/i.exec(contentType ?? "")?.[0];
  const boundary =
    type === undefined || contentType === undefined
      ? undefined
      : parameters(contentType.slice(type.length))?.get("boundary");
  if (boundary === undefined || !/^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)) {
    throw badRequest("the content type must be multipart/form-data with a boundary");
  }
  return boundary;
}

/** Reads `; key=value` pairs; undefined where they cannot be read in one way only. */
function parameters(text: string): Map<string, string> | undefined {
  const found = new Map<string, string>();
  const pair = /[ \t]*;[ \t]*([\w!#$&+\-^|~.%*'`]+)=(?:"([^"]*)"|([^ \t\r\n\f\v;"\\]+))/y;
  let at = 0;
  for (;;) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null) break;
    const [whole, key = "", quoted, token = ""] = match;
    if (quoted?.endsWith("\\") || found.has(key.toLowerCase())) return undefined;
    found.set(key.toLowerCase(), quoted ?? token);
    at += whole.length;
  }
  return /^[ \t]*(;[ \t]*)?$/.test(text.slice(at)) ? found : undefined;
}

/** A part whose head starts at `head`; its end is found with the next boundary. */
function openPart(bytes: Buffer, from: number, head: number): FormPart {
  const text = bytes.toString("latin1", head, head + MAX_PART_HEAD);
  const length = text.indexOf("\r\n\r\n");
  const read = length < 0 ? undefined : partHead(text.slice(0, length));
  if (read === undefined) throw notAForm();
  return { ...read, from, start: head + length + 4, end: bytes.length };
}

/** The head of a part; undefined where it cannot be read. */
function partHead(text: string): { name: string; plain: boolean } | undefined {
  let disposition: string | undefined;
  let encoding: string | undefined;
  for (const line of text.split("\r\n")) {
    const header = /^([A-Za-z0-9-]+):[ \t]*([^\r\n\0]*)$/.exec(line);
    if (header === null) return undefined;
    const key = header[1]?.toLowerCase();
    if (key === "content-disposition") {
      if (disposition !== undefined) return undefined;
      disposition = header[2];
    } else if (key === "content-transfer-encoding") {
      encoding = header[2]?.toLowerCase();
    }
  }
  if (disposition === undefined || !/^form-data/i.test(disposition)) return undefined;
  const given = parameters(disposition.slice("form-data".length));
  const name = given?.get("name");
  if (given === undefined || name === undefined || given.has("name*")) return undefined;
  const file = given.has("filename") || given.has("filename*");
  const encoded = encoding !== undefined && !/^(binary|8bit|7bit)$/.test(encoding);
  return { name, plain: !file && !encoded };
}

/** Readers differ in escapes, and some make lists and objects of names with brackets. */
function readsAs(given: string, name: string): boolean {
  const plain = given
    .replaceAll("\\", "")
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return plain === name || plain.startsWith(`${name}[`);
}

const notAForm = () => badRequest("the request body is not a valid form (multipart/form-data)");
