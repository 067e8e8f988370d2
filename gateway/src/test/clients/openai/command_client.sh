#!/bin/bash
# PyPI's llm, a chat for the terminal, asks the fleet: command_client.sh LLM BASE_URL KEY. Says itself whether all is well.
set -euo pipefail
llm=$1
LLM_USER_PATH=$(mktemp -d)
export LLM_USER_PATH
trap 'rm -rf "$LLM_USER_PATH"' EXIT
cat >"$LLM_USER_PATH/extra-openai-models.yaml" <<END
- model_id: operator
  model_name: fairlead/operator
  api_base: "$2"
  api_key_name: fairlead
END
"$llm" keys set fairlead --value "$3"
whole=$("$llm" -m operator --no-stream /help)
[[ $whole == */instances* ]]
[[ $("$llm" -m operator -s 'Be brief.' /help) == "$whole" ]]
echo 'asked, and in pieces'
[[ -n $("$llm" -c /agents) ]]
[[ $(printf '/help\nexit\n' | "$llm" chat -m operator) == *"/instances"* ]]
echo 'a conversation'
"$llm" keys set fairlead --value eyJhbGciOiJIUzI1NiJ9.e30.x
if refusal=$("$llm" -m operator /help 2>&1); then
    echo "answered: $refusal"
    exit 1
fi
[[ $refusal == *"Error code: 401"* ]]
echo 'all well'
