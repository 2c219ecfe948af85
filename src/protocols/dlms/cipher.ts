import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { DecodeOptions } from '../codec.ts'
import { StationError } from '../../core/errors.ts'
import type { CipheredApdu, SecurityControl } from './message.ts'

/*
 * Security suite 0 (chapter 9): AES-128-GCM
 *   IV = system title 8 | frame counter u32 ; tag 12 bytes
 *   authenticated and encrypted: additional data = security control | authentication key
 *   authenticated only: additional data = security control | authentication key | plain text, which is sent in the clear
 *   encrypted only: no tag, so nothing proves the key right
 */
const tagBytes = 12
const keyBytes = 16

export interface Opened {
  readonly plain?: Uint8Array
  /** Why it could not be opened; in words, never with key material. */
  readonly refusal?: string
}

export function securityControl(raw: number): SecurityControl {
  return { raw, suite: raw & 0x0f, authenticated: (raw & 0x10) !== 0, encrypted: (raw & 0x20) !== 0, broadcastKey: (raw & 0x40) !== 0, compressed: (raw & 0x80) !== 0 }
}

const nonce = (systemTitle: string, frameCounter: number): Buffer => {
  const iv = Buffer.alloc(12)
  iv.write(systemTitle, 0, 8, 'hex')
  iv.writeUInt32BE(frameCounter, 8)
  return iv
}

/** Opens the cipher text of an APDU. A wrong key, a changed byte and a missing key are all told as refusals. */
export function open(apdu: Omit<CipheredApdu, 'apdu'>, keys: NonNullable<DecodeOptions['keys']>): Opened {
  const { securityControl: control } = apdu
  const text = Buffer.from(apdu.cipherText, 'hex')
  if (control.encrypted && keys.encryption?.length !== keyBytes) return { refusal: `an encryption key of ${keyBytes} bytes is needed` }
  if (!control.authenticated && !control.encrypted) return { plain: text }
  const iv = nonce(apdu.systemTitle, apdu.frameCounter)
  if (!control.authenticated) return { plain: counterMode(keys.encryption as Uint8Array, iv, text) }
  if (keys.authentication?.length !== keyBytes) return { refusal: `an authentication key of ${keyBytes} bytes is needed` }
  // the tag of clear text is made with the encryption key as well
  if (keys.encryption?.length !== keyBytes) return { refusal: `an encryption key of ${keyBytes} bytes is needed` }
  const decipher = createDecipheriv('aes-128-gcm', keys.encryption, iv, { authTagLength: tagBytes })
  decipher.setAAD(additional(control, keys.authentication, text))
  decipher.setAuthTag(Buffer.from(apdu.authTag ?? '', 'hex'))
  try {
    const opened = Buffer.concat([decipher.update(control.encrypted ? text : Buffer.alloc(0)), decipher.final()])
    return { plain: control.encrypted ? opened : text }
  } catch {
    return { refusal: 'authentication failed: wrong key, or the content was changed' }
  }
}

function additional(control: SecurityControl, authentication: Uint8Array, plain: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([control.raw]), authentication, control.encrypted ? Buffer.alloc(0) : plain])
}

/** The key stream of GCM without its tag: counter mode from block 2. */
function counterMode(key: Uint8Array, iv: Buffer, text: Buffer): Buffer {
  const cipher = createDecipheriv('aes-128-ctr', key, Buffer.concat([iv, Buffer.from([0, 0, 0, 2])]))
  return Buffer.concat([cipher.update(text), cipher.final()])
}

export interface SealOptions {
  /** 16 hex digits. */
  readonly systemTitle: string
  /** Never twice with the same key. */
  readonly frameCounter: number
  readonly authenticated: boolean
  readonly encrypted: boolean
  readonly keys: { readonly encryption: Uint8Array; readonly authentication?: Uint8Array }
}

/** Ciphers an encoded APDU as a meter does. Throws StationError INPUT_INVALID for keys of a wrong size. */
export function seal(plain: Uint8Array, options: SealOptions): CipheredApdu {
  const { keys } = options
  if (keys.encryption.length !== keyBytes) throw new StationError('INPUT_INVALID', `the encryption key must have ${keyBytes} bytes`)
  if (options.authenticated && keys.authentication?.length !== keyBytes) throw new StationError('INPUT_INVALID', `the authentication key must have ${keyBytes} bytes`)
  if (!/^[0-9a-f]{16}$/.test(options.systemTitle)) throw new StationError('INPUT_INVALID', 'the system title must have 16 lower-case hex digits')
  const control = securityControl((options.authenticated ? 0x10 : 0) | (options.encrypted ? 0x20 : 0))
  const head = { tag: '0xdb', service: 'general-glo-ciphering', systemTitle: options.systemTitle, securityControl: control, frameCounter: options.frameCounter } as const
  const iv = nonce(options.systemTitle, options.frameCounter)
  if (!options.authenticated) return { ...head, cipherText: Buffer.from(options.encrypted ? counterMode(keys.encryption, iv, Buffer.from(plain)) : plain).toString('hex'), authTag: null }
  const cipher = createCipheriv('aes-128-gcm', keys.encryption, iv, { authTagLength: tagBytes })
  cipher.setAAD(additional(control, keys.authentication as Uint8Array, plain))
  const sealed = Buffer.concat([cipher.update(options.encrypted ? plain : Buffer.alloc(0)), cipher.final()])
  return { ...head, cipherText: (options.encrypted ? sealed : Buffer.from(plain)).toString('hex'), authTag: cipher.getAuthTag().toString('hex') }
}
