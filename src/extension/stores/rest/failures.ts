/** What went wrong with a call, said for the user, and whether the call may be sent again. */
import { errors } from 'undici'
import { t } from '../../../shared/l10n'
import { StoreError, type StoreErrorReason } from '../errors'
import type { ProblemError } from '../worker/protocol'

/**
 * `always`: the server did not begin to work on it, so that even a write may be sent again; `reads`: it may have, so only what
 * changes nothing; `never`: the answer would be the same.
 */
type Repeatable = 'always' | 'reads' | 'never'

/** A 404 that is not MLflow's own: there is no such endpoint, or no MLflow. */
export class MissingEndpoint extends StoreError {}

export interface Failure {
  readonly error: StoreError
  readonly repeatable: Repeatable
  /** Milliseconds that the server asks us to wait. */
  readonly retryAfter?: number
}

/** An answer with a status other than 2xx. */
export interface BadStatus {
  readonly status: number
  readonly retryAfter: string | undefined
  /** The beginning of the body, of whatever type. */
  readonly text: string
  /** Address of the server. */
  readonly server: string
  /** Path of the call, below the server's address. */
  readonly path: string
  readonly withCredentials: boolean
}

export function failureOfStatus(answer: BadStatus): Failure {
  const retryAfter = milliseconds(answer.retryAfter)
  return {
    error: errorOfStatus(answer),
    repeatable: repeatable(answer.status, retryAfter !== undefined),
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

function repeatable(status: number, askedToWait: boolean): Repeatable {
  if (status === 429 || (status === 503 && askedToWait)) return 'always'
  return isUnavailable(status) ? 'reads' : 'never'
}

const isUnavailable = (status: number): boolean => status === 502 || status === 503 || status === 504

function errorOfStatus({ status, text, server, path, withCredentials }: BadStatus): StoreError {
  const { code, message } = mlflowError(text)
  const reason = reasonOf(status, code)
  const said = message ?? gist(text)
  switch (reason) {
    case 'unauthorized':
      return withCredentials
        ? new StoreError(
            reason,
            t('{0} does not accept the credentials. Enter them again, or ask its owner for access.', server),
          )
        : new StoreError(
            reason,
            t(
              '{0} asks for a user name and password, or a token. Enter them, or set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.',
              server,
            ),
          )
    case 'forbidden':
      return new StoreError(reason, forbidden(server, path, said))
    case 'notFound':
      if (code !== undefined) return new StoreError(reason, t('{0}: {1}', server, said))
      return new MissingEndpoint(
        reason,
        t(
          '{0} has nothing at {1} (404). Check the address: is it an MLflow server, and does it run under a prefix, such as {0}/mlflow?',
          server,
          path,
        ),
      )
    case 'rateLimited':
      return new StoreError(
        reason,
        t('{0} gets too many requests (429) and refuses more. Wait a little, then refresh.', server),
      )
    case 'unsupported':
      return new StoreError(reason, t('{0} does not offer {1}: {2}', server, path, said))
    case 'serverError':
    case 'unavailable':
      return new StoreError(
        reason,
        t(
          '{0} failed on {1} ({2}): {3}. The server’s log says why.',
          server,
          path,
          status,
          said || t('no reason given'),
        ),
      )
    case 'badRequest':
      return new StoreError(reason, t('{0} refused {1} ({2}): {3}', server, path, status, said || t('no reason given')))
    default:
      return new StoreError(
        reason,
        t(
          '{0} answered {1} to {2}, which no MLflow server does. Check the address, and a proxy before the server.',
          server,
          status,
          path,
        ),
      )
  }
}

const reasonOfCode: Readonly<Record<string, StoreErrorReason>> = {
  RESOURCE_DOES_NOT_EXIST: 'notFound',
  NOT_FOUND: 'notFound',
  ENDPOINT_NOT_FOUND: 'notFound',
  PERMISSION_DENIED: 'forbidden',
  UNAUTHENTICATED: 'unauthorized',
  NOT_IMPLEMENTED: 'unsupported',
  FEATURE_DISABLED: 'unsupported',
  REQUEST_LIMIT_EXCEEDED: 'rateLimited',
}

function reasonOf(status: number, code: string | undefined): StoreErrorReason {
  if (code !== undefined && Object.hasOwn(reasonOfCode, code)) return reasonOfCode[code] ?? 'serverError'
  if (status === 401 || status === 407) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'notFound'
  if (status === 429) return 'rateLimited'
  if (status === 501) return 'unsupported'
  if (isUnavailable(status)) return 'unavailable'
  if (status >= 500) return 'serverError'
  return status >= 400 && status !== 405 ? 'badRequest' : 'badAnswer'
}

/** MLflow's three ways to say 403, and everybody else's. */
function forbidden(server: string, path: string, said: string): string {
  if (said.includes('Invalid Host header'))
    return t(
      '{0} refuses requests under this host name (“Invalid Host header”). Start it with --allowed-hosts {1}, or use an address that it allows, such as localhost.',
      server,
      URL.parse(server)?.host ?? server,
    )
  if (said.includes('Cross-origin'))
    return t(
      '{0} takes the request for one of a foreign web page (“Cross-origin request blocked”). A proxy in between may add an Origin header: have it removed, or start the server with --cors-allowed-origins.',
      server,
    )
  if (said.startsWith('Permission denied'))
    return t(
      'Your user at {0} may not do this ({1}). Who may give the permission: an administrator of the server, or a user with MANAGE on it.',
      server,
      path,
    )
  return t(
    '{0} refused {1} (403): {2}. Check your permissions there, and a proxy or VPN in between.',
    server,
    path,
    said || t('no reason given'),
  )
}

/** A call that got no whole answer. `error` is what undici or Node threw. */
export function failureOfNetwork(error: unknown, server: string): Failure {
  const code = codeOf(error)
  const wrap = (reason: StoreErrorReason, message: string, repeatable: Repeatable): Failure => ({
    error: new StoreError(reason, message, { cause: error }),
    repeatable,
  })
  if (code === 'ECONNREFUSED')
    return wrap(
      'unreachable',
      t('Nothing answers at {0}: the connection was refused. Start the server, or check address and port.', server),
      'always',
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return wrap(
      'unreachable',
      t('The host of {0} is not known here. Check its spelling, and the VPN or DNS of this machine.', server),
      code === 'EAI_AGAIN' ? 'always' : 'never',
    )
  if (/^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code))
    return wrap(
      'unreachable',
      t(
        'The certificate of {0} is not trusted here ({1}). Set NODE_EXTRA_CA_CERTS to the file of its authority’s certificate and start the editor again.',
        server,
        code,
      ),
      'never',
    )
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return wrap('unreachable', t('{0} does not speak TLS. Does its address begin with http:// ?', server), 'never')
  if (error instanceof errors.HTTPParserError)
    return wrap(
      'badAnswer',
      t('{0} does not speak HTTP. Check the port, and whether its address begins with https:// .', server),
      'never',
    )
  if (code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT')
    return wrap('timeout', t('{0} stopped in the middle of its answer.', server), 'never')
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return wrap(
      'unreachable',
      t('{0} can’t be reached ({1}). Check the network, the VPN and the address.', server, code),
      'always',
    )
  if (code.startsWith('UND_ERR_INVALID') || error instanceof TypeError)
    return wrap('badRequest', t('The request to {0} could not be made: {1}', server, gist(String(error))), 'never')
  return wrap(
    'unreachable',
    t(
      'The connection to {0} broke before the answer was whole ({1}). Try again; if it stays so, look into the server’s log.',
      server,
      code || gist(String(error)),
    ),
    'reads',
  )
}

/** A 2xx answer that could not be read; what is wrong with it is an AnswerKind, or the worker that read it failed. */
export function errorOfAnswer(error: ProblemError, server: string, path: string): StoreError {
  const { kind, detail = '' } = error.problem
  const say = (message: string): StoreError => new StoreError('badAnswer', message, { cause: error })
  switch (kind) {
    case 'shape':
      return say(
        t(
          '{0} answered {1} with data of an unknown form: {2}. Is it an MLflow server of version 2 or 3?',
          server,
          path,
          detail,
        ),
      )
    case 'empty':
      return say(t('{0} gave an empty answer to {1}. Check the address, and a proxy before the server.', server, path))
    case 'page':
      return say(
        t(
          '{0} answered {1} with a web page (“{2}”) instead of data. Is it an MLflow server, or the sign-in page of a proxy before it?',
          server,
          path,
          gist(detail),
        ),
      )
    case 'nan':
      return say(
        t(
          '{0} answered {1} with NaN or Infinity where JSON allows none. Update the server, or what stands between it and us.',
          server,
          path,
        ),
      )
    case 'broken':
      return say(
        t(
          '{0} answered {1} with broken JSON ({2}). Check the server and a proxy before it.',
          server,
          path,
          gist(detail),
        ),
      )
    case 'tooLarge':
      return say(
        t(
          '{0} answered {1} with more than {2} MB, which is too much to take in. Ask for less: fewer runs, or a narrower filter.',
          server,
          path,
          detail,
        ),
      )
    case 'timeout':
      return new StoreError(
        'timeout',
        t(
          'Reading the answer of {0} to {1} took too long. Ask for less: fewer runs, or a narrower filter.',
          server,
          path,
        ),
        { cause: error },
      )
    default:
      return say(
        t(
          'Reading the answer of {0} to {1} failed ({2}). Try again; ask for fewer runs if it fails again.',
          server,
          path,
          gist(detail),
        ),
      )
  }
}

/** `Retry-After` in milliseconds: seconds or a date. */
export function milliseconds(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined || header.trim() === '') return undefined
  const seconds = Number(header)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

/** The word for an error of Node or undici: ECONNREFUSED, UND_ERR_SOCKET …; empty where it has none. */
export function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code
  return ''
}

function mlflowError(text: string): { code?: string; message?: string } {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null) return {}
    const { error_code: code, message } = body as { error_code?: unknown; message?: unknown }
    return {
      ...(typeof code === 'string' && { code }),
      ...(typeof message === 'string' && { message: gist(message) }),
    }
  } catch {
    return {} // not JSON: gist() says what it is
  }
}

const longest = 300

/** The first words of a body for people: a page's title, a message without the SQL that MLflow lets slip. */
export function gist(text: string): string {
  const isPage = text.trimStart().startsWith('<')
  const title = isPage ? /<title>([^<]*)/i.exec(text)?.[1] : undefined
  const plain = (title ?? (isPage ? text.replace(/<[^>]*>/g, ' ') : text))
    .replace(/\[SQL:[\s\S]*$|\[parameters:[\s\S]*$|\(Background on this error at:[\s\S]*$/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.:]$/, '')
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain
}
