/*
 * test_dmn.c - models of our own: hit policies, types, boxed expressions, services, imports; and what is refused.
 */
#include "base/fs.h"
#include "base/mem.h"
#include "dmn/dmn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD \
	"<?xml version='1.0' encoding='UTF-8'?>\n<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' " \
	"name='m' namespace='urn:test:m'>\n"
#define TAIL "</definitions>\n"
#define INPUT(name, type) \
	"<inputData id='i-" name "' name='" name "'><variable name='" name "' typeRef='" type "'/></inputData>\n"
#define NEEDS(name) "<informationRequirement><requiredInput href='#i-" name "'/></informationRequirement>"
#define TEXT(text) "<literalExpression><text>" text "</text></literalExpression>"
#define RULE(in, out) \
	"<rule><inputEntry><text>" in "</text></inputEntry><outputEntry><text>" out "</text></outputEntry></rule>\n"

static char folder[64];

static int set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/pandian-dmn-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	struct err err = { 0 };
	(void)state;
	return fs_remove_tree(folder, &err);
}

/* Writes a file of the test's folder; its path lives until the next call. */
static const char *write_file(const char *name, const char *text)
{
	static char path[200];
	struct err err = { 0 };
	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(fs_replace(path, text, strlen(text), &err), 0);
	return path;
}

static struct dmn_model *load(const char *text)
{
	struct err err = { 0 };
	struct dmn_model *model = dmn_load(write_file("m.dmn", text), &err);
	if (!model)
		print_error("%s\n", err.text);
	assert_non_null(model);
	return model;
}

/* The refusal of a model that must not load; the folder is left out. */
static const char *refusal(const char *text)
{
	static struct err err;
	err = (struct err){ 0 };
	struct dmn_model *model = dmn_load(write_file("m.dmn", text), &err);
	assert_null(model);
	assert_int_equal(err.status, 78);
	return strncmp(err.text, folder, strlen(folder)) ? err.text : err.text + strlen(folder) + 1;
}

static void assert_refused(const char *text, const char *message)
{
	const char *told = refusal(text);
	if (!strstr(told, message))
		fail_msg("'%s' is not in '%s'", message, told);
}

struct answer {
	int status;
	char value[2000], messages[2000], error[1200];
};

/* Asks with the inputs given as FEEL: "{Age: 20}". */
static struct answer ask(const struct dmn_model *model, const char *decision, const char *inputs)
{
	struct answer a = { 0 };
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct feel_env env = { .today = 20000 };
	struct feel_value given = feel_null(), value;
	struct feel_scope *scope = feel_scope_new(NULL);
	struct feel_expr *expr = feel_compile(inputs, "inputs", scope, NULL, &err);
	struct str messages = { 0 }, print = { 0 };
	assert_non_null(expr);
	assert_int_equal(feel_eval(expr, &env, &arena, &given, &err), 0);
	a.status = dmn_decide(model, decision, &given, &env, &arena, &value, &messages, &err);
	feel_print_literal(&print, &value);
	snprintf(a.value, sizeof a.value, "%s", str_text(&print));
	snprintf(a.messages, sizeof a.messages, "%s", str_text(&messages));
	snprintf(a.error, sizeof a.error, "%s", err.text);
	str_release(&messages);
	str_release(&print);
	feel_free(expr);
	feel_scope_free(scope);
	arena_release(&arena);
	return a;
}

static void assert_answer(const struct dmn_model *model, const char *decision, const char *inputs, const char *value)
{
	struct answer a = ask(model, decision, inputs);
	if (a.status || strcmp(a.value, value))
		fail_msg("%s %s: %s instead of %s; %s %s", decision, inputs, a.value, value, a.messages, a.error);
}

/* Null, with a text among the messages. */
static void assert_fails(const struct dmn_model *model, const char *decision, const char *inputs, const char *message)
{
	struct answer a = ask(model, decision, inputs);
	assert_int_equal(a.status, 0);
	assert_string_equal(a.value, "null");
	if (!strstr(a.messages, message))
		fail_msg("'%s' is not in '%s'", message, a.messages);
}

/* ---- tables ---- */

/* Rules over one number: a table with the policy, output values and default given. */
static struct dmn_model *table(const char *policy, const char *output, const char *rules)
{
	char text[6000];
	snprintf(text, sizeof text,
		HEAD INPUT("Age", "number") "<decision id='d' name='Fee'>" NEEDS(
			"Age") "\n"
				   "<decisionTable %s><input><inputExpression typeRef='number'><text>Age</text>"
				   	"</inputExpression></input>\n"
				   "<output%s</output>\n%s</decisionTable></decision>\n" TAIL,
		policy, output, rules);
	return load(text);
}

static void unique(void **state)
{
	(void)state;
	struct dmn_model *m =
		table("hitPolicy='UNIQUE'", ">", RULE("&lt; 18", "5") RULE("[18..60]", "10") RULE(">= 60", "7"));
	assert_answer(m, "Fee", "{Age: 10}", "5");
	assert_answer(m, "Fee", "{Age: 18}", "10");
	assert_answer(m, "Fee", "{Age: 61}", "7");
	assert_fails(m, "Fee", "{Age: 60}", "m.dmn:5: rules 2 and 3 both match where one may (UNIQUE)");
	assert_fails(m, "Fee", "{Age: null}", "no rule matches");
	assert_fails(m, "Fee", "{}", "m.dmn:3: input 'Age' is not given");
	assert_fails(m, "Fee", "{Age: \"old\"}", "\"old\" is not of type number");
	dmn_free(m);
}

static void any_and_first(void **state)
{
	(void)state;
	const char *rules = RULE("> 10", "\"a\"") RULE("> 20", "\"a\"") RULE("> 30", "\"b\"");
	struct dmn_model *m = table("hitPolicy='ANY'", ">", rules);
	assert_answer(m, "Fee", "{Age: 25}", "\"a\"");
	assert_fails(m, "Fee", "{Age: 31}", "rules 1 and 3 match and differ");
	dmn_free(m);
	m = table("hitPolicy='FIRST'", ">", RULE("> 30", "\"b\"") RULE("-", "\"a\""));
	assert_answer(m, "Fee", "{Age: 31}", "\"b\"");
	assert_answer(m, "Fee", "{Age: 3}", "\"a\"");
	assert_answer(m, "Fee", "{Age: null}", "\"a\"");
	dmn_free(m);
}

static void priorities(void **state)
{
	(void)state;
	const char *values = "><outputValues><text>\"high\", \"middle\", \"low\"</text></outputValues>";
	const char *rules = RULE("> 10", "\"low\"") RULE("> 20", "\"high\"") RULE("> 15", "\"middle\"");
	struct dmn_model *m = table("hitPolicy='PRIORITY'", values, rules);
	assert_answer(m, "Fee", "{Age: 11}", "\"low\"");
	assert_answer(m, "Fee", "{Age: 16}", "\"middle\"");
	assert_answer(m, "Fee", "{Age: 21}", "\"high\"");
	dmn_free(m);
	m = table("hitPolicy='OUTPUT ORDER'", values, rules);
	assert_answer(m, "Fee", "{Age: 21}", "[\"high\", \"middle\", \"low\"]");
	assert_answer(m, "Fee", "{Age: 1}", "[]");
	dmn_free(m);
	m = table("hitPolicy='RULE ORDER'", values, rules);
	assert_answer(m, "Fee", "{Age: 21}", "[\"low\", \"high\", \"middle\"]");
	dmn_free(m);
	m = table("hitPolicy='UNIQUE'", values, RULE("-", "\"enormous\""));
	assert_fails(m, "Fee", "{Age: 21}", "the output is \"enormous\", which is not allowed");
	dmn_free(m);
}

static void collections(void **state)
{
	(void)state;
	static const struct {
		const char *policy, *some, *none;
	} all[] = { { "hitPolicy='COLLECT'", "[3, 0.1, 0.2]", "[]" },
		{ "hitPolicy='COLLECT' aggregation='SUM'", "3.3", "null" },
		{ "hitPolicy='COLLECT' aggregation='MIN'", "0.1", "null" },
		{ "hitPolicy='COLLECT' aggregation='MAX'", "3", "null" },
		{ "hitPolicy='COLLECT' aggregation='COUNT'", "3", "0" } };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct dmn_model *m = table(all[i].policy, ">", RULE("> 1", "3") RULE("> 2", "0.1") RULE("> 3", "0.2"));
		assert_answer(m, "Fee", "{Age: 5}", all[i].some);
		assert_answer(m, "Fee", "{Age: 0}", all[i].none);
		dmn_free(m);
	}
	struct dmn_model *m = table("hitPolicy='COLLECT' aggregation='SUM'",
		"><defaultOutputEntry><text>-1</text></defaultOutputEntry>", RULE("> 1", "3"));
	assert_answer(m, "Fee", "{Age: 0}", "-1");
	dmn_free(m);
}

static void several_outputs(void **state)
{
	(void)state;
	struct dmn_model *m = load(HEAD INPUT("Score", "number") "<decision id='d' name='Grade'>" NEEDS(
		"Score") "<decisionTable hitPolicy='PRIORITY'><input><inputExpression typeRef='number'><text>"
			"Score</text></inputExpression>"
				 "<inputValues><text>[0..100]</text></inputValues></input>"
				 "<output name='star' typeRef='number'><outputValues><text>5, 4, 3, 1</text></outputValues>"
				 	"<defaultOutputEntry><text>1</text></defaultOutputEntry></output>"
				 "<output name='why' typeRef='string'/>"
				 "<rule><inputEntry><text>>= 60</text></inputEntry><outputEntry><text>3</text></outputEntry>"
				 	"<outputEntry><text>\"passed \" + string(Score)</text></outputEntry></rule>"
				 "<rule><inputEntry><text>>= 90</text></inputEntry><outputEntry><text>5</text></outputEntry>"
				 	"<outputEntry><text/></outputEntry></rule>"
				 "</decisionTable></decision>" TAIL);
	assert_answer(m, "Grade", "{Score: 70}", "{star: 3, why: \"passed 70\"}");
	assert_answer(m, "Grade", "{Score: 95}", "{star: 5, why: null}");
	assert_answer(m, "Grade", "{Score: 10}", "{star: 1, why: null}");
	assert_fails(m, "Grade", "{Score: 101}", "Score is 101, which is not allowed");
	dmn_free(m);
}

/* ---- types ---- */

static void types(void **state)
{
	(void)state;
	struct dmn_model *m = load(HEAD
		"<itemDefinition name='Level'><typeRef>string</typeRef><allowedValues><text>\"P1\", \"P2\"</text>"
			"</allowedValues></itemDefinition>"
		"<itemDefinition name='Levels' isCollection='true'><typeRef>Level</typeRef></itemDefinition>"
		"<itemDefinition name='Person'><itemComponent name='hire date'><typeRef>date</typeRef></itemComponent>"
		"<itemComponent name='level'><typeRef>Level</typeRef></itemComponent></itemDefinition>" INPUT(
			"Who", "Person") INPUT("Path", "Levels") INPUT("Scores",
			"list&lt;number>") "<decision id='a' name='Year'><variable name='Year' typeRef='number'/>" NEEDS("Who")
			TEXT(
				"Who.hire date.year") "</decision>"
			"<decision id='b' name='Steps'>" NEEDS("Path") TEXT(
			"count(Path)") "</decision>"
			"<decision id='c' name='Text'><variable name='Text' "
				"typeRef='string'/>" NEEDS(
			"Scores")
			TEXT(
			"if count(Scores) = 0 then [\"none\"] else "
				"Scores") "</decision>" TAIL);
	assert_answer(m, "Year", "{Who: {hire date: date(\"2020-03-01\"), level: \"P1\"}}", "2020");
	assert_fails(m, "Year", "{Who: {hire date: date(\"2020-03-01\"), level: \"P9\"}}", "is not of type Person");
	assert_fails(m, "Year", "{Who: {level: \"P1\"}}", "is not of type Person");
	assert_answer(m, "Steps", "{Path: [\"P1\", \"P2\"]}", "2");
	assert_answer(m, "Steps", "{Path: \"P2\"}", "1");
	assert_answer(m, "Steps", "{Path: [\"P1\", \"P3\"]}", "null");
	assert_answer(m, "Text", "{Scores: []}", "\"none\"");
	assert_fails(m, "Text", "{Scores: [1]}", "Text: [1] is not of type string");
	dmn_free(m);
	assert_refused(HEAD
		"<itemDefinition name='A'><itemComponent name='b'><typeRef>B</typeRef></itemComponent></itemDefinition>\n"
		"<itemDefinition name='B'>\n<typeRef>A</typeRef></itemDefinition>" TAIL,
		"m.dmn:5: type 'A' contains itself");
	assert_refused(HEAD INPUT("x", "nmuber") TAIL, "m.dmn:3: unknown type 'nmuber'");
}

static void a_type_cannot_explode(void **state)
{
	(void)state;
	struct str text = { 0 };
	str_add(&text, HEAD "<itemDefinition name='T0'><typeRef>number</typeRef></itemDefinition>");
	for (int i = 1; i < 60; i++)
		str_printf(&text,
			"<itemDefinition name='T%d'><itemComponent name='a'><typeRef>T%d</typeRef></itemComponent>"
			"<itemComponent name='b'><typeRef>T%d</typeRef></itemComponent></itemDefinition>",
			i, i - 1, i - 1);
	str_add(&text, TAIL);
	assert_refused(text.text, "more than 5000 parts");
	/* the same without names: types that are only found out */
	str_clear(&text);
	str_add(&text, HEAD "<decision id='d0' name='D0'>" TEXT("1") "</decision>");
	for (int i = 1; i < 60; i++)
		str_printf(&text,
			"<decision id='d%d' name='D%d'><informationRequirement><requiredDecision href='#d%d'/>"
				"</informationRequirement>" TEXT(
				"{a: D%d, b: 2}") "</decision>",
			i, i, i - 1, i - 1);
	str_add(&text, TAIL);
	struct dmn_model *m = load(text.text);
	assert_answer(m, "D2", "{}", "{a: {a: 1, b: 2}, b: 2}");
	dmn_free(m);
	str_release(&text);
}

/* ---- boxed expressions, functions, services ---- */

static void boxed(void **state)
{
	(void)state;
	struct dmn_model
		*
			m =
				load(HEAD
			INPUT("n", "number") "<decision id='c' name='Context'>" NEEDS("n") "<context>"
			"<contextEntry><variable name='a b'/>" TEXT("n * 2") "</contextEntry>"
			"<contextEntry><variable name='c'/>" TEXT("a b + 1") "</contextEntry></context></decision>\n"
			"<decision id='r' name='Result'>" NEEDS("n") "<context><contextEntry><variable name='f'/>"
				"<functionDefinition><formalParameter name='x' typeRef='number'/>" TEXT("if x &lt; 2 then 1 "
					"else x * f(x - 1)") "</functionDefinition></contextEntry><contextEntry>"
						"" TEXT("f(n)") "</contextEntry></context></decision>\n"
			"<decision id='l' name='List'>" NEEDS("n") "<list>" TEXT(
			"n") TEXT("\"x\"") "</list></decision>\n"
			"<decision id='t' name='Relation'><relation><column name='k' typeRef='string'/><column name='v'/>"
				"<row>" TEXT("\"a\"")
			TEXT("1") "</row><row>" TEXT(
			"\"b\"")
			TEXT("2") "</row></relation></decision>\n"
			"<decision id='i' name='If'>" NEEDS("n") "<conditional><if>" TEXT(
			"n > 1") "</if><then>" TEXT("\"more\"") "</then><else>" TEXT("\"less\"") "</else></conditional>"
				"</decision>\n"
			"<decision id='fi' name='Filter'><informationRequirement><requiredDecision href='#t'/>"
				"</informationRequirement>"
			"<filter><in>" TEXT("Relation") "</in><match>" TEXT("v > 1 // or more") "</match></filter></decision>\n"
			"<decision id='fc' name='Filter by table'><filter><in>" TEXT("[{p: 1}, {p: 2}]") "</in><match>"
				"<conditional><if>" TEXT("p = 1") "</if><then>" TEXT("true") "</then><else>" TEXT("item.p = "
					"3") "</else></conditional></match></filter></decision>\n"
			"<decision id='fo' name='For'>" NEEDS("n") "<for iteratorVariable='i'><in>" TEXT(
			"1..n") "</in><return>" TEXT("i * 10 + count(partial)") "</return></for></decision>\n"
			"<decision id='so' name='Some'>" NEEDS("n") "<some iteratorVariable='i'><in>" TEXT(
			"[1..n]") "</in><satisfies>" TEXT("i > 3") "</satisfies></some></decision>\n"
			"<decision id='ev' name='Every'>" NEEDS(
			"n") "<every iteratorVariable='i'><in>" TEXT("[1..n]") "</in><satisfies>" TEXT("i > "
				"0") "</satisfies></every></decision>\n"
			"<decision id='cl' name='Closures'><context><contextEntry><variable name='fs'/><for "
				"iteratorVariable='i'><in>" TEXT("[10, 20]") "</in><return>" TEXT("function(x) x + "
					"i") "</return></for></contextEntry><contextEntry>" TEXT(
			"for f in fs return f(1)") "</contextEntry></context></decision>\n" TAIL);
	assert_answer(m, "Context", "{n: 2}", "{a b: 4, c: 5}");
	assert_answer(m, "Result", "{n: 20}", "2432902008176640000");
	assert_answer(m, "List", "{n: 2}", "[2, \"x\"]");
	assert_answer(m, "Relation", "{}", "[{k: \"a\", v: 1}, {k: \"b\", v: 2}]");
	assert_answer(m, "If", "{n: 2}", "\"more\"");
	assert_answer(m, "If", "{n: 1}", "\"less\"");
	assert_answer(m, "Filter", "{}", "[{k: \"b\", v: 2}]");
	assert_answer(m, "Filter by table", "{}", "[{p: 1}]");
	assert_answer(m, "For", "{n: 4}", "[10, 21, 32, 43]");
	assert_answer(m, "Some", "{n: 4}", "true");
	assert_answer(m, "Some", "{n: 3}", "false");
	assert_answer(m, "Every", "{n: 3}", "true");
	assert_answer(m, "Closures", "{}", "[11, 21]");
	dmn_free(m);
}

#define KNOWLEDGE(id) "<knowledgeRequirement><requiredKnowledge href='#" id "'/></knowledgeRequirement>"

static void functions(void **state)
{
	(void)state;
	struct dmn_model *m = load(HEAD INPUT("n", "number") "<businessKnowledgeModel id='k' name='twice'>"
		"<variable name='twice' typeRef='number'/><encapsulatedLogic><formalParameter name='x y' "
			"typeRef='number'/>" TEXT(
		"x y * 2") "</encapsulatedLogic></businessKnowledgeModel>\n"
				   "<businessKnowledgeModel id='a' name='adder'><encapsulatedLogic><formalParameter name='by'/>" TEXT(
					   "function(x) x + by") "</encapsulatedLogic></businessKnowledgeModel>\n"
			"<decision id='d' name='Literal'>" NEEDS("n") KNOWLEDGE("k") TEXT(
			"twice(n) + twice(x y: 1)") "</decision>\n"
			"<decision id='e' "
				"name='Invocation'>" NEEDS(
			"n")
			KNOWLEDGE("k") "<invocation>"
				"" TEXT("twice") "<binding>"
					"<parameter name='x y'/>" TEXT(
			"n + 1") "</binding>"
				"</invocation></decision>\n"
			"<decision "
				"id='f' "
					"name='Adder'>" KNOWLEDGE("a") TEXT(
			"adder(5)") "</decision>\n"
			"<decision id='g' name='Added'><informationRequirement><requiredDecision href='#f'/>"
				"</informationRequirement>" TEXT(
			"Adder(1)") "</decision>\n"
			"<decisionService id='s' name='Serve'><outputDecision href='#e'/><inputData href='#i-n'/>"
				"</decisionService>\n"
			"<decisionService id='s2' name='Both'><outputDecision href='#d'/><outputDecision href='#e'/>"
				"<inputData href='#i-n'/></decisionService>\n"
			"<decision id='h' name='Served'>" NEEDS(
			"n") KNOWLEDGE("s")
			TEXT(
			"[Serve(100), Serve(n: 7), n]") "</decision>\n" TAIL);
	assert_answer(m, "Literal", "{n: 3}", "8");
	assert_answer(m, "Invocation", "{n: 3}", "8");
	assert_answer(m, "Added", "{}", "6");
	assert_answer(m, "Serve", "{n: 3}", "8");
	assert_answer(m, "Both", "{n: 3}", "{Literal: 8, Invocation: 8}");
	assert_answer(m, "Served", "{n: 1}", "[202, 16, 1]");
	struct answer a = ask(m, "Nothing", "{}");
	assert_int_equal(a.status, -1);
	assert_non_null(strstr(a.error, "there is no decision 'Nothing'"));
	dmn_free(m);
}

static void recursion_ends(void **state)
{
	(void)state;
	struct dmn_model *m = load(HEAD "<businessKnowledgeModel id='k' name='down'><encapsulatedLogic>"
		"<formalParameter name='x' typeRef='number'/>" TEXT(
		"down(x + 1)") "</encapsulatedLogic></businessKnowledgeModel>\n"
					   "<businessKnowledgeModel id='p' name='ping'>" KNOWLEDGE("q") "<encapsulatedLogic>"
					   	"<formalParameter name='x' typeRef='number'/>" TEXT(
			"if x = 0 then 0 else pong(x - 1)") "</encapsulatedLogic></businessKnowledgeModel>\n"
			"<businessKnowledgeModel id='q' name='pong'>"
				"" KNOWLEDGE("p") "<encapsulatedLogic>"
					"<formalParameter name='x' typeRef='number'/>" TEXT(
			"ping(x)") "</encapsulatedLogic>"
				"</businessKnowledgeModel>\n"
			"<decision id='d' name='Endless'>"
				"" KNOWLEDGE("k") TEXT(
			"down(1)") "</decision>\n"
			"<decision id='e' "
				"name='Ends'>"
					"" KNOWLEDGE("p") TEXT(
			"ping(20)") "</decision>\n"
			"<decision id='s' name='Loops'><for iteratorVariable='i'><in>" TEXT("1..100000") "</in><return>"
				"<for iteratorVariable='k'><in>" TEXT(
			"1..100000") "</in><return>" TEXT("i * k") "</return></for></return></for></decision>\n"
			"<decisionService id='v' name='Serve'><outputDecision href='#w'/></decisionService>\n"
			"<decision id='w' name='Serves itself'>" KNOWLEDGE(
			"v")
			TEXT(
			"Serve()") "</decision>\n" TAIL);
	static const char *const endless[] = { "Endless", "Loops", "Serves itself" };
	for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
		struct answer a = ask(m, endless[i], "{}");
		assert_int_equal(a.status, -1);
		assert_string_equal(a.value, "null");
		assert_non_null(strstr(a.error, endless[i]));
		assert_non_null(strstr(a.error, "too many steps or went too deep"));
	}
	assert_answer(m, "Ends", "{}", "0");
	dmn_free(m);
}

/* ---- imports ---- */

static void imports(void **state)
{
	(void)state;
	write_file("base.dmn",
		"<definitions xmlns='http://www.omg.org/spec/DMN/20180521/MODEL/' name='base' namespace='urn:test:base'>"
		"<itemDefinition name='Small'><typeRef>number</typeRef><allowedValues><text>[0..9]</text>"
			"</allowedValues></itemDefinition>" INPUT(
			"Size", "Small") "<decision id='d' name='Next size'>" NEEDS("Size")
			TEXT(
				"Size + 1") "</decision>"
			"<businessKnowledgeModel id='k' name='half'><encapsulatedLogic><formalParameter "
			"name='x'/>" TEXT(
			"x / 2") "</encapsulatedLogic></businessKnowledgeModel>" TAIL);
	write_file("unrelated.dmn", "<definitions");
	struct dmn_model *m = load(HEAD
		"<import name='base' namespace='urn:test:base' importType='http://www.omg.org/spec/DMN/20180521/MODEL/'/>"
		"<decision id='d' name='Own'><variable name='Own' typeRef='base.Small'/><informationRequirement>"
			"<requiredDecision href='urn:test:base#d'/></informationRequirement>"
		"<knowledgeRequirement><requiredKnowledge href='urn:test:base#k'/></knowledgeRequirement>" TEXT(
			"base.half(base.Next size)") "</decision>" TAIL);
	assert_answer(m, "Own", "{Size: 5}", "3");
	assert_answer(m, "base.Next size", "{Size: 5}", "6");
	assert_fails(m, "Own", "{Size: 10}", "10 is not of type Small");
	dmn_free(m);
#define IMPORT(more) "<import name='x' importType='https://www.omg.org/spec/DMN/20230324/MODEL/' " more "/>"
	assert_refused(HEAD IMPORT("namespace='urn:other'") TAIL,
		"m.dmn:3: no .dmn file beside this one has the namespace 'urn:other'");
	assert_refused(
		HEAD IMPORT("namespace='urn:test:base' locationURI='../base.dmn'") TAIL, "is not a file beside this one");
	assert_refused(
		HEAD IMPORT("namespace='urn:test:base' locationURI='http://x/base.dmn'") TAIL, "is not a file beside this one");
	assert_refused(HEAD IMPORT("namespace='urn:else' locationURI='base.dmn'") TAIL,
		"has the namespace 'urn:test:base', not 'urn:else'");
	assert_refused(HEAD IMPORT("namespace='urn:test:m'") TAIL, "comes back to this file");
	assert_refused(HEAD "<import name='x' namespace='u' importType='http://www.w3.org/2001/XMLSchema'/>" TAIL,
		"only DMN models can be imported");
}

/* ---- refusals ---- */

static void refused(void **state)
{
	(void)state;
	assert_refused("<?xml version='1.0'?>\n<!DOCTYPE definitions [<!ENTITY x 'y'>]>\n<definitions/>",
		"m.dmn:2: a DOCTYPE is not allowed");
	assert_refused(
		"<definitions xmlns='urn:other'/>", "m.dmn:1: <definitions> in namespace 'urn:other' is not a DMN model");
	assert_refused(HEAD "<decision id='d'/>" TAIL, "m.dmn:3: <decision> needs a name");
	assert_refused(HEAD INPUT("a", "number") "<decision id='d' name='D'>\n" NEEDS("b") "</decision>" TAIL,
		"m.dmn:5: requiredInput of 'D': there is nothing with the id '#i-b'");
	assert_refused(HEAD INPUT("Score", "number") "<decision id='d' name='D'>" NEEDS(
					   "Score") "<literalExpression>\n<text>Scroe + 1</text></literalExpression></decision>" TAIL,
		"m.dmn:5: unknown name 'Scroe'");
	assert_refused(HEAD "<decision id='d' name='D'>" TEXT("1 +") "</decision>" TAIL, "m.dmn:3: ");
	assert_refused(
		HEAD "<decision id='d' name='D'>" TEXT("\"a\" + 1") "</decision>" TAIL, "'+' cannot join string and number");
	assert_refused(HEAD
		"<decision id='a' name='A'><informationRequirement><requiredDecision href='#b'/></informationRequirement>" TEXT(
			"B") "</decision>\n"
				 "<decision id='b' name='B'><informationRequirement><requiredDecision href='#a'/>"
				 	"</informationRequirement>" TEXT(
					 "A") "</decision>" TAIL,
		"requires 'A', which requires it in turn");
	assert_refused(
		HEAD "<decision id='a' name='A'/><decision id='b' name='A'/>" TAIL, "there are two elements named 'A'");
	assert_refused(
		HEAD "<decision id='a' name='A'/><decision id='a' name='B'/>" TAIL, "there are two elements with the id 'a'");
	assert_refused(HEAD
		"<decision id='d' name='D'>\n<decisionTable hitPolicy='LUCKY'><output/></decisionTable></decision>" TAIL,
		"m.dmn:4: hit policy 'LUCKY' is not known");
	assert_refused(HEAD
		"<decision id='d' name='D'><decisionTable><output/>\n" RULE("-", "1") "</decisionTable></decision>" TAIL,
		"m.dmn:4: a rule of 1 inputs and 1 outputs in a table of 0 and 1");
	assert_refused(HEAD
		"<decision id='d' name='D'><decisionTable hitPolicy='PRIORITY'><output/></decisionTable></decision>" TAIL,
		"needs output values, in order of priority");
	assert_refused(HEAD
		"<decision id='d' name='D'><context><contextEntry><variable name='f'/><functionDefinition kind='Java'/>"
			"</contextEntry></context></decision>" TAIL,
		"functions in Java are not run");
	struct err err = { 0 };
	char path[100];
	snprintf(path, sizeof path, "%s/absent.dmn", folder);
	assert_null(dmn_load(path, &err));
	assert_int_equal(err.status, 66);
}

static void lenient(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct dmn_model *m =
		dmn_load_lenient(write_file("m.dmn",
			HEAD "<decision id='d' name='D'>" TEXT("\"a\" + 1") "</decision>"
			"<decision id='e' name='E'>" TEXT(
			"[nobody, 1]") "</decision>" TAIL),
			&err);
	assert_non_null(m);
	assert_answer(m, "D", "{}", "null");
	assert_answer(m, "E", "{}", "[null, 1]");
	dmn_free(m);
}

static void long_chains(void **state)
{
	(void)state;
	for (int length = 140; length <= 5000; length += 4860) {
		struct str text = { 0 };
		str_add(&text, HEAD);
		for (int i = 0; i < length; i++)
			str_printf(&text,
				"<decision id='d%d' name='D%d'><informationRequirement><requiredDecision href='#d%d'/>"
					"</informationRequirement>" TEXT(
					"D%d + 1") "</decision>",
				i, i, i + 1, i + 1);
		str_printf(&text, "<decision id='d%d' name='D%d'>" TEXT("0") "</decision>" TAIL, length, length);
		if (length == 140) {
			struct dmn_model *m = load(text.text);
			assert_answer(m, "D0", "{}", "140");
			dmn_free(m);
		} else {
			assert_refused(text.text, "more than 150 elements require each other in a row");
		}
		str_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(unique), cmocka_unit_test(any_and_first),
		cmocka_unit_test(priorities), cmocka_unit_test(collections), cmocka_unit_test(several_outputs),
		cmocka_unit_test(types), cmocka_unit_test(a_type_cannot_explode), cmocka_unit_test(boxed),
		cmocka_unit_test(functions), cmocka_unit_test(recursion_ends), cmocka_unit_test(imports),
		cmocka_unit_test(refused), cmocka_unit_test(lenient), cmocka_unit_test(long_chains) };
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
