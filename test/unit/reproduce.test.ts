import { describe, expect, it } from 'vitest'
import { pythonText, recipesOf, shellText } from '../../src/shared/reproduce'

const run = (tags: Readonly<Record<string, string>>, params: Readonly<Record<string, string>> = {}) => ({
  runId: 'r1',
  trackingUri: 'sqlite:///mlflow.db',
  params: Object.entries(params),
  tags: Object.entries(tags).map(([key, value]) => [`mlflow.${key}`, value] as const),
})
const codes = (...args: Parameters<typeof run>): string[] => recipesOf(run(...args)).map(({ code }) => code)

describe('recipesOf', () => {
  it('runs a project of a repository again, at its commit', () => {
    const [again] = codes(
      {
        'source.type': 'PROJECT',
        'source.name': 'https://github.com/a/b#sub',
        'source.git.commit': 'abc123',
        'project.entryPoint': 'train',
      },
      { alpha: '0.1', text: "it's" },
    )
    expect(again).toBe(
      "mlflow run 'https://github.com/a/b#sub' \\\n  --version abc123 \\\n  -e train \\\n  -P alpha=0.1 \\\n  -P 'text=it'\\''s'",
    )
  })

  it('runs a project of a folder again without a version, which MLflow takes of repositories only', () => {
    const [again] = codes({
      'source.type': 'PROJECT',
      'source.name': '/home/ada/my project',
      'source.git.commit': 'abc',
    })
    expect(again).toBe("mlflow run '/home/ada/my project'")
  })

  it('checks out what a script was', () => {
    const [code] = codes({
      'source.type': 'LOCAL',
      'source.name': '/x/train.py',
      'source.git.commit': 'abc',
      'source.git.repoURL': 'https://github.com/a/b',
    })
    expect(code).toBe('git clone https://github.com/a/b code && cd code\ngit checkout abc\n# it ran train.py')
  })

  it('reads any run in Python', () => {
    expect(codes({})).toEqual([
      'import mlflow\n\nmlflow.set_tracking_uri("sqlite:///mlflow.db")\nrun = mlflow.get_run("r1")',
    ])
  })

  it('keeps hostile values within quotes', () => {
    const [code = ''] = codes({
      'source.type': 'LOCAL',
      'source.name': 'x\nrm -rf ~.py',
      'source.git.commit': '$(rm -rf ~)',
      'source.git.repoURL': 'javascript:alert(1)',
    })
    expect(code).toBe("git checkout '$(rm -rf ~)'\n# it ran x rm -rf ~.py")
    expect(shellText('--upload-pack=x')).toBe("'--upload-pack=x'")
    expect(shellText("a'b")).toBe("'a'\\''b'")
    expect(pythonText('a"\n\u2028\u202eb')).toBe('"a\\"\\n\\u2028\\u202eb"')
  })
})
