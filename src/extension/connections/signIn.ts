/** Asks for the credentials of a server, and asks again, saying what was wrong, until they work or the user gives up. */
import { t } from '../../shared/l10n'
import { askChoice, askText, WentBack } from '../ui/prompts'
import type { Credentials } from '../stores/open'

export interface SignInRequest {
  /** Host and port, for the title. */
  readonly server: string
  readonly username?: string | undefined
  /** Why the user is asked: what the server refused. */
  readonly problem?: string | undefined
  /** Tries credentials; resolves to what is wrong with them, or undefined when they work. */
  readonly attempt: (credentials: Credentials, signal: AbortSignal) => Promise<string | undefined>
}

/** Resolves to the credentials that worked. @throws Dismissed */
export async function askCredentials(request: SignInRequest): Promise<Credentials> {
  const title = t('Sign in to {0}', request.server)
  for (;;) {
    const kind = await askChoice({
      title,
      step: 1,
      totalSteps: 3,
      placeholder: request.problem ?? t('How do you sign in?'),
      items: [
        { label: `$(account) ${t('Username and password')}`, ask: askUsernameAndPassword },
        { label: `$(key) ${t('Access token')}`, ask: askToken },
      ],
    })
    try {
      return await kind.ask(title, request)
    } catch (error) {
      if (!(error instanceof WentBack)) throw error
    }
  }
}

async function askUsernameAndPassword(title: string, request: SignInRequest): Promise<Credentials> {
  let username = request.username ?? ''
  for (;;) {
    username = await askText({
      title,
      step: 2,
      totalSteps: 3,
      back: true,
      prompt: t('Username'),
      value: username,
      validate: required,
    })
    try {
      const answer = await askSecret(title, 3, t('Password of {0}', username), request, (password) => ({
        kind: 'basic',
        username,
        password,
      }))
      return answer
    } catch (error) {
      if (!(error instanceof WentBack)) throw error
    }
  }
}

const askToken = (title: string, request: SignInRequest): Promise<Credentials> =>
  askSecret(title, 2, t('Access token'), request, (token) => ({ kind: 'bearer', token }))

async function askSecret(
  title: string,
  step: number,
  prompt: string,
  { attempt }: SignInRequest,
  made: (secret: string) => Credentials,
): Promise<Credentials> {
  const secret = await askText({
    title,
    step,
    totalSteps: step,
    back: true,
    prompt: t('{0}. Kept in the secret storage, for this server only.', prompt),
    password: true,
    validate: required,
    accept: (text, signal) => attempt(made(text), signal),
  })
  return made(secret)
}

const required = (text: string): string | undefined =>
  text === '' ? t('Type something, or press Escape to give up.') : undefined
