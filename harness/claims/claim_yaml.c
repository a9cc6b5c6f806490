/* A claim as a YAML file. */
#include <stdlib.h>
#include <string.h>

#include "claims/claim.h"
#include "claims/expression.h"
#include "claims/rule.h"
#include "driver/say.h"

/* ---- the keys */

static const cyaml_strval_t unit_words[] = {
    {"number", UNIT_NUMBER}, {"ratio", UNIT_RATIO}, {"bytes", UNIT_BYTES}, {"ns", UNIT_NS}, {"share", UNIT_SHARE},
};

enum { NEEDED = CYAML_FLAG_POINTER, OPTIONAL = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL };

#define TEXT(name, flags, type) CYAML_FIELD_STRING_PTR(#name, flags, struct type, name, 1, CYAML_UNLIMITED)
#define TEXTS(name, type)       CYAML_FIELD_SEQUENCE(#name, OPTIONAL, struct type, name, &string_value, 0, CYAML_UNLIMITED)
#define UNIT(type)                                                                                                     \
    CYAML_FIELD_ENUM("unit", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct type, unit, unit_words,                   \
                     sizeof unit_words / sizeof *unit_words)
#define MAPPING(type)                                                                                                  \
    {                                                                                                                  \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct type, type##_fields)                                            \
    }
#define LIST(name, flags, type)                                                                                        \
    CYAML_FIELD_SEQUENCE(#name, flags, struct claim, name, &type##_mapping, 1, CYAML_UNLIMITED)

static const cyaml_schema_value_t string_value = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t claim_source_fields[] = {
    TEXT(document, NEEDED, claim_source),
    TEXT(at, NEEDED, claim_source),
    TEXT(says, NEEDED, claim_source),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t claim_source_mapping = MAPPING(claim_source);

static const cyaml_schema_field_t claim_value_fields[] = {
    TEXT(name, NEEDED, claim_value),
    TEXT(of, NEEDED, claim_value),
    TEXT(per, OPTIONAL, claim_value),
    TEXT(strategy, OPTIONAL, claim_value),
    TEXT(allocator, OPTIONAL, claim_value),
    TEXT(workload, OPTIONAL, claim_value),
    TEXT(heap_limit, OPTIONAL, claim_value),
    TEXT(heap_factor, OPTIONAL, claim_value),
    TEXTS(params, claim_value),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t claim_value_mapping = MAPPING(claim_value);

static const cyaml_schema_field_t claim_judgement_fields[] = {
    TEXT(name, OPTIONAL, claim_judgement),
    TEXT(figure, NEEDED, claim_judgement),
    UNIT(claim_judgement),
    CYAML_FIELD_SEQUENCE("over", OPTIONAL, struct claim_judgement, over, &string_value, 0, POINT_KEYS_MAX),
    TEXTS(without, claim_judgement),
    TEXTS(at, claim_judgement),
    TEXT(holds_if, OPTIONAL, claim_judgement),
    TEXT(fails_if, OPTIONAL, claim_judgement),
    TEXT(cpython, OPTIONAL, claim_judgement),
    TEXTS(theirs, claim_judgement),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t claim_judgement_mapping = MAPPING(claim_judgement);

static const cyaml_schema_field_t claim_fact_fields[] = {
    TEXT(name, NEEDED, claim_fact),  TEXT(figure, NEEDED, claim_fact),
    TEXT(key, NEEDED, claim_fact),   UNIT(claim_fact),
    TEXT(why, OPTIONAL, claim_fact), CYAML_FIELD_END,
};
static const cyaml_schema_value_t claim_fact_mapping = MAPPING(claim_fact);

static const cyaml_schema_field_t claim_fields[] = {
    TEXT(id, NEEDED, claim),
    TEXT(claim, NEEDED, claim),
    CYAML_FIELD_UINT("place", CYAML_FLAG_OPTIONAL, struct claim, place),
    LIST(sources, NEEDED, claim_source),
    CYAML_FIELD_MAPPING_PTR("experiment", NEEDED, struct claim, experiment, experiment_fields),
    LIST(values, NEEDED, claim_value),
    LIST(judgements, NEEDED, claim_judgement),
    LIST(facts, OPTIONAL, claim_fact),
    TEXT(measured, NEEDED, claim),
    TEXT(meaning, NEEDED, claim),
    TEXT(advice, NEEDED, claim),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t claim_schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct claim, claim_fields)};

/* ---- what the keys' types do not say */

unsigned claim_value_named(const struct claim *claim, const char *name, size_t length)
{
    unsigned i = 0;
    while (i < claim->values_count &&
           (strncmp(claim->values[i].name, name, length) != 0 || claim->values[i].name[length]))
        i++;
    return i;
}

static int refuse(const struct experiment_source *source, const char *text, const char *why)
{
    say("%s%s: %s", experiment_where(source, text), text, why);
    return -1;
}

static int check_expression(const struct claim *claim, const struct experiment_source *source, const char *text)
{
    struct expression expression;
    char why[128];
    return !text || expression_read(&expression, claim, text, why) ? 0 : refuse(source, text, why);
}

static int check_rule(const struct experiment_source *source, const char *text)
{
    struct rule rule;
    const char *why;
    return !text || rule_read(&rule, text, &why) ? 0 : refuse(source, text, why);
}

static int check_judgement(const struct claim *claim, const struct experiment_source *source,
                           const struct claim_judgement *judgement)
{
    bool same = judgement->cpython && strcmp(judgement->cpython, "same") == 0;
    if (!judgement->holds_if != !judgement->fails_if)
        return refuse(source, judgement->figure, "a judgement has both holds_if and fails_if, or neither");
    if (check_expression(claim, source, judgement->figure) || check_rule(source, judgement->holds_if) ||
        check_rule(source, judgement->fails_if))
        return -1;
    return same ? 0 : check_expression(claim, source, judgement->cpython);
}

static int check(const struct claim *claim, const struct experiment_source *source)
{
    const char *file = strrchr(source->path, '/') ? strrchr(source->path, '/') + 1 : source->path;
    unsigned judged = 0;
    if (strncmp(file, claim->id, strlen(claim->id)) != 0 || strcmp(file + strlen(claim->id), ".yaml") != 0)
        return refuse(source, claim->id, "the id is the file's name without .yaml");
    for (unsigned i = 0; i < claim->judgements_count; i++) {
        if (check_judgement(claim, source, &claim->judgements[i]))
            return -1;
        judged += judgement_judges(&claim->judgements[i]);
    }
    for (unsigned i = 0; i < claim->facts_count; i++)
        if (check_expression(claim, source, claim->facts[i].figure))
            return -1;
    return judged ? 0 : refuse(source, claim->id, "no judgement has holds_if and fails_if: there is no rule");
}

struct claim *claim_read(const char *path, struct experiment_source *source)
{
    struct claim *claim =
        yaml_file_read(path, &claim_schema, "experiments/claims/ has one file for each claim", source);
    if (claim && (check(claim, source) || experiment_find_files(claim->experiment, source))) {
        claim_free(claim);
        return NULL;
    }
    return claim;
}

void claim_free(struct claim *claim)
{
    yaml_file_free(&claim_schema, claim);
}
