import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backupsOf, restoreBackup } from '../../../src/extension/writing/restoreBackup'

let folder = ''
const file = (name: string): string => path.join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-backup-'))
  writeFileSync(file('mlflow.db'), 'now')
  writeFileSync(file('mlflow.db.backup-abc-1'), 'older')
  writeFileSync(file('mlflow.db.backup-abc-2'), 'newer')
  utimesSync(file('mlflow.db.backup-abc-1'), 1, 1)
  writeFileSync(file('other.db.backup-abc-1'), 'other')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('copies are listed newest first, those of other files not', async () => {
  expect((await backupsOf(file('mlflow.db'))).map((each) => path.basename(each))).toEqual([
    'mlflow.db.backup-abc-2',
    'mlflow.db.backup-abc-1',
  ])
})

test('one takes the place of the database, which is kept; the copy stays', async () => {
  const kept = await restoreBackup(file('mlflow.db'), file('mlflow.db.backup-abc-1'))
  expect(readFileSync(file('mlflow.db'), 'utf8')).toBe('older')
  expect(readFileSync(kept, 'utf8')).toBe('now')
  expect(readFileSync(file('mlflow.db.backup-abc-1'), 'utf8')).toBe('older')
  expect(readdirSync(folder).length).toBe(5)
})

test('a database in use, and a file that is no copy of it, are refused; nothing changes', async () => {
  await expect(restoreBackup(file('mlflow.db'), file('other.db.backup-abc-1'))).rejects.toThrow(/is no copy of/)
  writeFileSync(file('mlflow.db-journal'), 'writing')
  await expect(restoreBackup(file('mlflow.db'), file('mlflow.db.backup-abc-1'))).rejects.toThrow(/being written to/)
  expect(readFileSync(file('mlflow.db'), 'utf8')).toBe('now')
})
