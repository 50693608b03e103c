/* A Modbus RTU server by libmodbus with as much of the intake's registers as the driver asks for: libmodbus keeps them and answers,
 * the few lines below give them their meaning. No controller: nothing moves. One argument, the serial port. MAP_VERSION,
 * and how many HOLDING and INPUT registers there are, are defined at compile time. */
#include <errno.h>
#include <modbus/modbus.h>
#include <stdio.h>
#include <string.h>

enum { HOT = 0, NONCE_IN = 64, COMMAND = 72, SEQUENCE = 74, LAMP = 76, IDENTITY = 32, LAMP_NOW = 56 };

int main(int argc, char **argv) {
    uint8_t query[MODBUS_RTU_MAX_ADU_LENGTH];
    const uint16_t hot[21] = {[4] = 417, [5] = 3, [6] = 70000 >> 16, [7] = 70000 & 0xFFFF};
    const uint16_t identity[7] = {MAP_VERSION, 9 << 8 | 7, 0x5457, 0x494E, 0x00C0, 0xFFEE, 2};
    modbus_t *line = argc == 2 ? modbus_new_rtu(argv[1], 115200, 'N', 8, 1) : NULL;
    modbus_mapping_t *map = modbus_mapping_new(0, 0, HOLDING, INPUT);
    if (line == NULL || map == NULL || modbus_set_slave(line, 1) == -1 || modbus_connect(line) == -1) {
        fprintf(stderr, "%s\n", modbus_strerror(errno));
        return 1;
    }
    uint16_t *registers = map->tab_registers;
    memcpy(registers + HOT, hot, sizeof hot);
    memcpy(map->tab_input_registers + IDENTITY, identity, sizeof identity);
    map->tab_input_registers[43] = 2950; /* temperature and watchdog must be within their ranges */
    map->tab_input_registers[57] = 2000;
    puts("ready");
    fflush(stdout);
    for (;;) {
        int length = modbus_receive(line, query);
        if (length <= 0)
            continue;
        if (query[1] == MODBUS_FC_WRITE_AND_READ_REGISTERS) /* the answer holds the nonce: the first word written */
            registers[HOT] = (uint16_t)(query[11] << 8 | query[12]);
        modbus_reply(line, query, length, map);
        map->tab_input_registers[LAMP_NOW] = registers[LAMP];
        if (registers[COMMAND] != 0) { /* every command is taken; a Sort is the last one sorted too */
            memcpy(registers + 8, registers + SEQUENCE, 2 * sizeof *registers);
            if (registers[COMMAND] == 2)
                memcpy(registers + 10, registers + SEQUENCE, 2 * sizeof *registers);
            registers[16] = 1;
        }
    }
}
