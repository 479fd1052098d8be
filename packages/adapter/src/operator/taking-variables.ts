/** Variables that no key has to stand beside: the run's token is always there. */

/** They take everything that the pod sends somewhere else, make it readable on its way, or load code into what sends it. */
export const takeEverything: readonly { readonly names: RegExp; readonly harmless?: RegExp }[] = [
  { names: /(^|_)(HTTP|HTTPS|ALL|SOCKS|FTP|WS|WSS|GRPC)_PROXY(_|$)/i },
  { names: /^(NODE_TLS_REJECT_UNAUTHORIZED|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|SSLKEYLOGFILE)$/i },
  {
    names:
      /^(CURL_CA_BUNDLE|CURL_HOME|REQUESTS_CA_BUNDLE|AWS_CA_BUNDLE|GIT_SSL_\w+|CLAUDE_CODE_CLIENT_\w+)$/i,
  },
  { names: /^(HOSTALIASES|LOCALDOMAIN|RES_OPTIONS|RESOLV_\w+|GETCONF_DIR|NLSPATH)$/i },
  {
    names: /^(NODE_OPTIONS|BUN_OPTIONS)$/i,
    // Sizes and warnings, which are what people set; everything else can load a file or open a port.
    harmless:
      /^(?:\s|--max-old-space-size[= ]\d+(?=\s|$)|--max-semi-space-size[= ]\d+(?=\s|$)|--stack-size[= ]\d+(?=\s|$)|--max-http-header-size[= ]\d+(?=\s|$)|--no-warnings(?=\s|$)|--no-deprecation(?=\s|$)|--use-(?:system|openssl|bundled)-ca(?=\s|$)|--dns-result-order=\w+(?=\s|$))*$/,
  },
  { names: /^(NODE_PATH|NODE_REPL_\w+|NODE_CHANNEL_\w+|BUN_INSPECT\w*|BUN_CONFIG_\w+)$/i },
  { names: /^(LD_\w+|DYLD_\w+|GCONV_PATH)$/i },
  // Every command that Claude Code runs starts a shell.
  {
    names: /^(BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|BASH_FUNC_.*|ZDOTDIR|CLAUDE_CODE_SHELL_PREFIX)$/,
  },
  { names: /^CLAUDE_CODE_(SSE_PORT|SDK_URL|REMOTE\w*)$/i },
  { names: /^(CLAUDE_CODE_SHELL|SHELL)$/, harmless: /^((\/usr)?(\/local)?\/bin\/)?(ba|da|z)?sh$/ },
  // Texts that a program runs, or whose file it does, when it starts.
  {
    names:
      /^(CLAUDE_ENV_FILE|PYTHON(STARTUP|HOME|BREAKPOINT)|PERL5(OPT|DB)|RUBYOPT|LESS(OPEN|CLOSE)|OPENSSL_(CONF|MODULES))$/,
  },
  { names: /^PS4$/, harmless: /^[^$`]*$/ },
  { names: /^MAKEFLAGS$/, harmless: /^ *(?:(?:--no-print-directory|-{0,2}[jkswB]+\d*|\d+)(?: +|$))*$/ },
  {
    names: /^(JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|MAVEN_OPTS|GRADLE_OPTS)$/,
    harmless:
      /^( |-Xm[sx]\d+[kmgKMG]?(?= |$)|-XX:[+-]?\w+(=[\w.]+)?(?= |$)|-Dfile\.encoding=[\w-]+(?= |$))*$/,
  },
  {
    names:
      /^NPM_CONFIG_(NODE_OPTIONS|SCRIPT_SHELL|SHELL|GIT|USERCONFIG|GLOBALCONFIG|EDITOR|VIEWER|BROWSER|ONLOAD_SCRIPT)$/i,
  },
  { names: /^GIT_(EXTERNAL_DIFF|EXEC_PATH|TEMPLATE_DIR|SSH)$/ },
  {
    names: /^GIT_SSH_COMMAND$/,
    // With a key of the agent's own, which is what people set.
    harmless:
      /^ssh( -i [\w./~-]+| -[46qTxv]| -p \d+| -o ?(StrictHostKeyChecking|IdentitiesOnly|UserKnownHostsFile|BatchMode|ConnectTimeout)=[\w./~-]+)*$/,
  },
  {
    names: /^((GIT_)?(PAGER|EDITOR)|GIT_SEQUENCE_EDITOR|VISUAL|MANPAGER|BROWSER)$/,
    harmless: /^[\w.:-]*( -[\w-]*)*$/,
  },
];
